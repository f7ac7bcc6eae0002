/** The settings of the selected rule. Every change is taken at once; saving is one button for all of them. */
import { Button, Input } from 'antd';
import { useTexts } from '../i18n/language.tsx';
import type { Drawn, DrawnRule } from './drawn-rule.ts';
import { FormField } from './form-field.tsx';
import { MoreFields } from './more-fields.tsx';
import { PlaceFields } from './place-fields.tsx';
import { ResponseFields } from './response-fields.tsx';
import { ruleAnswering, ruleNamed } from './rule-with.ts';
import { SecondWireFields } from './second-wire-fields.tsx';
import { TripwireFields } from './tripwire-fields.tsx';
import { WatchPointFields } from './watch-point-fields.tsx';
import { ZoneFields } from './zone-fields.tsx';

export function RuleForm({
  drawn,
  onChange,
  onRemove,
}: Readonly<{
  drawn: Drawn;
  onChange: (changed: Drawn, mark: string) => void;
  onRemove: () => void;
}>) {
  const { rules: words } = useTexts();
  return (
    <div className="rule-form">
      <FormField name={words.name}>
        <Input
          value={drawn.rule.name ?? ''}
          placeholder={words.namePlaceholder}
          maxLength={80}
          data-testid="rule-name"
          // A rule that has just been drawn wants a name first.
          autoFocus={drawn.rule.name === undefined}
          onChange={({ target }) =>
            onChange(ruleNamed(drawn, target.value === '' ? undefined : target.value), 'name')
          }
        />
      </FormField>
      {drawn.kind === 'mask' ? (
        <p className="quiet">{words.maskHint}</p>
      ) : (
        <RuleFields drawn={drawn} onChange={onChange} />
      )}
      <Button danger onClick={onRemove} data-testid="remove-rule">
        {words.remove}
      </Button>
    </div>
  );
}

function RuleFields({
  drawn,
  onChange,
}: Readonly<{ drawn: DrawnRule; onChange: (changed: DrawnRule, mark: string) => void }>) {
  return (
    <>
      <KindFields drawn={drawn} onChange={onChange} />
      <MoreFields drawn={drawn} onChange={onChange}>
        <MoreOfKind drawn={drawn} onChange={onChange} />
      </MoreFields>
      <ResponseFields
        response={drawn.rule.response ?? {}}
        onChange={(response, mark) => onChange(ruleAnswering(drawn, response), mark)}
      />
    </>
  );
}

function MoreOfKind({
  drawn,
  onChange,
}: Readonly<{ drawn: DrawnRule; onChange: (changed: DrawnRule, mark: string) => void }>) {
  switch (drawn.kind) {
    case 'tripwire':
      return (
        <SecondWireFields
          tripwire={drawn.rule}
          onChange={(rule, mark) => onChange({ ...drawn, rule }, mark)}
        />
      );
    case 'zone':
      return (
        <PlaceFields
          zone={drawn.rule}
          onChange={(rule, mark) => onChange({ ...drawn, rule }, mark)}
        />
      );
    case 'watch-point':
      return null;
    default:
      return drawn satisfies never;
  }
}

function KindFields({
  drawn,
  onChange,
}: Readonly<{ drawn: DrawnRule; onChange: (changed: DrawnRule, mark: string) => void }>) {
  switch (drawn.kind) {
    case 'tripwire':
      return (
        <TripwireFields
          tripwire={drawn.rule}
          onChange={(rule, mark) => onChange({ ...drawn, rule }, mark)}
        />
      );
    case 'zone':
      return (
        <ZoneFields
          zone={drawn.rule}
          onChange={(rule, mark) => onChange({ ...drawn, rule }, mark)}
        />
      );
    case 'watch-point':
      return (
        <WatchPointFields
          watchPoint={drawn.rule}
          onChange={(rule, mark) => onChange({ ...drawn, rule }, mark)}
        />
      );
    default:
      return drawn satisfies never;
  }
}
