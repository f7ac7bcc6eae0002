/** A tripwire's own settings: which way alarms, how strictly, how wide the dead band. */
import { Segmented } from 'antd';
import type { Direction, Tripwire } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { defaultDeadBandHeights } from './drawn-rule.ts';
import { FormField, NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

export function TripwireFields({
  tripwire,
  onChange,
}: Readonly<{ tripwire: Tripwire; onChange: (tripwire: Tripwire, mark: string) => void }>) {
  const texts = useTexts();
  const words = texts.rules;
  return (
    <>
      <FormField name={words.direction}>
        <Segmented<Direction>
          block
          value={tripwire.direction ?? 'both'}
          onChange={(direction) => onChange({ ...tripwire, direction }, 'direction')}
          options={[
            { value: 'a-to-b', label: texts.event.direction['a-to-b'] },
            { value: 'both', label: words.both },
            { value: 'b-to-a', label: texts.event.direction['b-to-a'] },
          ]}
        />
      </FormField>
      <FormField name={words.preset}>
        <Segmented<NonNullable<Tripwire['preset']>>
          block
          value={tripwire.preset ?? 'balanced'}
          onChange={(preset) => onChange({ ...tripwire, preset }, 'preset')}
          options={(['loose', 'balanced', 'strict'] as const).map((value) => ({
            value,
            label: words.presets[value],
          }))}
        />
      </FormField>
      <NumberField
        name={words.deadBand}
        value={tripwire.deadBandHeights}
        placeholder={String(defaultDeadBandHeights)}
        min={0}
        max={1}
        step={0.05}
        onChange={(value) => onChange(withField(tripwire, 'deadBandHeights', value), 'deadBand')}
      />
    </>
  );
}
