/** What the rule says again and the third time, how often, and how it speaks at night; folded away until it is wanted. */
import { Collapse, Segmented } from 'antd';
import type { RuleResponse } from '../../contract/rule-response.ts';
import { useTexts } from '../i18n/language.tsx';
import type { SoundPlayer } from '../voice/sound-player.ts';
import { AnnouncementChoice } from './announcement-choice.tsx';
import { ClockField } from './clock-field.tsx';
import { FormField, NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

type Plan = NonNullable<RuleResponse['voice']>;
type Quiet = NonNullable<Plan['quiet']>;
type Fields = Readonly<{
  response: RuleResponse;
  cameraId: string | undefined;
  player: SoundPlayer;
  onChange: (response: RuleResponse, mark: string) => void;
}>;

export function VoicePlanFields({ response, cameraId, player, onChange }: Fields) {
  const { rules: words } = useTexts();
  const plan = response.voice ?? {};
  const change = <Key extends keyof Plan>(key: Key, value: Plan[Key] | undefined): void => {
    const changed = withField(plan, key, value);
    const isEmpty = Object.keys(changed).length === 0;
    onChange(withField(response, 'voice', isEmpty ? undefined : changed), `voice-${key}`);
  };
  return (
    <Collapse
      ghost
      items={[
        {
          key: 'voice',
          label: words.voicePlan,
          children: (
            <div className="rule-form" data-testid="voice-plan">
              {(['again', 'third'] as const).map((step) => (
                <FormField key={step} name={words[step]}>
                  <AnnouncementChoice
                    id={step}
                    without="same"
                    announcement={plan[step]}
                    cameraId={cameraId}
                    player={player}
                    choose={(next) => change(step, next)}
                  />
                </FormField>
              ))}
              <NumberField
                name={words.withinSeconds}
                value={plan.withinSeconds}
                placeholder="600"
                min={1}
                max={86_400}
                step={60}
                onChange={(value) => change('withinSeconds', value)}
              />
              <NumberField
                name={words.times}
                value={plan.times}
                placeholder="1"
                min={1}
                max={5}
                onChange={(value) => change('times', value)}
              />
              <QuietFields quiet={plan.quiet} change={(quiet) => change('quiet', quiet)} />
            </div>
          ),
        },
      ]}
    />
  );
}

const night = { from: '22:00', to: '06:00' };

function QuietFields({
  quiet,
  change,
}: Readonly<{ quiet: Quiet | undefined; change: (quiet: Quiet | undefined) => void }>) {
  const { rules: words } = useTexts();
  const [period = night, ...others] = quiet?.schedule.periods ?? [];
  return (
    <FormField name={words.quiet}>
      <Segmented<Quiet['manner'] | 'aloud'>
        block
        value={quiet?.manner ?? 'aloud'}
        onChange={(manner) =>
          change(
            manner === 'aloud'
              ? undefined
              : { manner, schedule: quiet?.schedule ?? { periods: [night] } },
          )
        }
        options={(['aloud', 'softer', 'operator-only'] as const).map((value) => ({
          value,
          label: words.quietManner[value],
        }))}
      />
      {quiet === undefined ? null : (
        <div className="schedule-times">
          {(['from', 'to'] as const).map((end) => (
            <ClockField
              key={end}
              name={words[end]}
              value={period[end]}
              onChange={(value) => {
                const periods = [{ ...period, [end]: value }, ...others];
                change({ ...quiet, schedule: { ...quiet.schedule, periods } });
              }}
            />
          ))}
        </div>
      )}
    </FormField>
  );
}
