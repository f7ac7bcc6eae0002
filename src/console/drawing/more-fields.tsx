/** What few rules need, folded away: what else counts beside people, when the rule is in force, and what its kind can do besides. */
import { Checkbox, Collapse, Select } from 'antd';
import type { ReactNode } from 'react';
import { streetLabels } from '../../contract/rule.ts';
import { defaultTimeZone, type SchedulePeriod } from '../../contract/schedule.ts';
import { useTexts } from '../i18n/language.tsx';
import { ClockField } from './clock-field.tsx';
import type { DrawnRule } from './drawn-rule.ts';
import { FormField, NumberField } from './form-field.tsx';
import { rulePeriod, ruleWith, withPeriod } from './rule-with.ts';

type Change = (changed: DrawnRule, mark: string) => void;

const allDay: SchedulePeriod = { from: '00:00', to: '00:00' };

export function MoreFields({
  drawn,
  onChange,
  children,
}: Readonly<{ drawn: DrawnRule; onChange: Change; children?: ReactNode }>) {
  const { rules: words } = useTexts();
  const { labels, leastConfidence } = drawn.rule;
  return (
    <Collapse
      ghost
      items={[
        {
          key: 'more',
          label: words.more,
          children: (
            <div className="rule-form">
              {children}
              <FormField name={words.labels}>
                <Select
                  mode="multiple"
                  value={labels ?? ['person']}
                  data-testid="rule-labels"
                  options={[...new Set([...streetLabels, ...(labels ?? [])])].map((value) => ({
                    value,
                    label: labelText(value, words.label),
                  }))}
                  onChange={(chosen: string[]) =>
                    onChange(
                      ruleWith(drawn, { labels: chosen.length === 0 ? undefined : chosen }),
                      'labels',
                    )
                  }
                />
              </FormField>
              <NumberField
                name={words.leastConfidence}
                value={
                  leastConfidence === undefined ? undefined : Math.round(leastConfidence * 100)
                }
                min={0}
                max={100}
                step={5}
                placeholder={words.dwellOff}
                onChange={(percent) =>
                  onChange(
                    ruleWith(drawn, {
                      leastConfidence: percent === undefined ? undefined : percent / 100,
                    }),
                    'leastConfidence',
                  )
                }
              />
              <ScheduleField drawn={drawn} onChange={onChange} />
              <Checkbox
                checked={drawn.rule.clip ?? true}
                data-testid="rule-clip"
                onChange={({ target }) =>
                  onChange(ruleWith(drawn, { clip: target.checked ? undefined : false }), 'clip')
                }
              >
                {words.clip}
              </Checkbox>
            </div>
          ),
        },
      ]}
    />
  );
}

/** The first period; others, written by hand, are kept. */
function ScheduleField({ drawn, onChange }: Readonly<{ drawn: DrawnRule; onChange: Change }>) {
  const { rules: words } = useTexts();
  const period = rulePeriod(drawn);
  const shown = period ?? allDay;
  const take = (changed: SchedulePeriod): void => onChange(withPeriod(drawn, changed), 'schedule');
  return (
    <FormField name={words.schedule(drawn.rule.schedule?.timeZone ?? defaultTimeZone)}>
      <Select
        mode="multiple"
        value={shown.days ?? []}
        placeholder={words.everyDay}
        options={words.weekdays.map((label, index) => ({ value: index + 1, label }))}
        onChange={(days: number[]) => {
          const { days: _, ...times } = shown;
          take(days.length === 0 ? times : { ...times, days: [...days].sort((a, b) => a - b) });
        }}
      />
      <div className="schedule-times">
        {(['from', 'to'] as const).map((end) => (
          <ClockField
            key={end}
            name={words[end]}
            value={shown[end]}
            onChange={(value) => take({ ...shown, [end]: value })}
          />
        ))}
      </div>
    </FormField>
  );
}

function labelText(label: string, known: Readonly<Record<string, string>>): string {
  return known[label] ?? label;
}
