/** What the centre does when the rule fires: severity, cooldown, and what the lane's speaker says. */
import { Input, Segmented, Tag } from 'antd';
import type { Announcement, RuleResponse, Severity } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { FormField, NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

type Change = (response: RuleResponse, mark: string) => void;

export function ResponseFields({
  response,
  onChange,
}: Readonly<{ response: RuleResponse; onChange: Change }>) {
  const texts = useTexts();
  return (
    <>
      <FormField name={texts.rules.severity}>
        <Segmented<Severity>
          block
          value={response.severity ?? 'warning'}
          onChange={(severity) => onChange({ ...response, severity }, 'severity')}
          options={(['information', 'warning', 'emergency'] as const).map((value) => ({
            value,
            label: texts.severity[value],
          }))}
        />
      </FormField>
      <NumberField
        name={texts.rules.cooldown}
        value={response.cooldownSeconds}
        placeholder={texts.rules.cooldownHint}
        min={0}
        max={3600}
        step={5}
        onChange={(value) => onChange(withField(response, 'cooldownSeconds', value), 'cooldown')}
      />
      <FormField name={texts.rules.announcement}>
        <AnnouncementField response={response} onChange={onChange} />
      </FormField>
    </>
  );
}

/** A recording of the library is shown by its name; typing a text replaces it once it has been taken away. */
function AnnouncementField({
  response,
  onChange,
}: Readonly<{ response: RuleResponse; onChange: Change }>) {
  const { rules: words } = useTexts();
  const { announcement } = response;
  const take = (next: Announcement | undefined): void =>
    onChange(withField(response, 'announcement', next), 'announcement');
  if (announcement?.kind === 'recording') {
    return (
      <Tag closable onClose={() => take(undefined)}>
        ♪ {announcement.name}
      </Tag>
    );
  }
  const language = announcement?.language ?? 'zh-CN';
  return (
    <>
      <Input.TextArea
        value={announcement?.text ?? ''}
        placeholder={words.announcementPlaceholder}
        autoSize={{ minRows: 2, maxRows: 4 }}
        maxLength={300}
        data-testid="announcement-text"
        onChange={({ target: { value: text } }) =>
          take(text === '' ? undefined : { kind: 'speech', text, language })
        }
      />
      {announcement === undefined ? null : (
        <Segmented<'zh-CN' | 'en'>
          value={language}
          onChange={(chosen) => take({ ...announcement, language: chosen })}
          options={[
            { value: 'zh-CN', label: '普通话' },
            { value: 'en', label: 'English' },
          ]}
        />
      )}
    </>
  );
}
