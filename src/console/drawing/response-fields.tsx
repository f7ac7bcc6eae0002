/** What the centre does when the rule fires: severity, cooldown, and what the lane's speaker says. */
import { Checkbox, Segmented } from 'antd';
import type { RuleResponse, Severity } from '../../contract/rule-response.ts';
import { useTexts } from '../i18n/language.tsx';
import { useRoute } from '../shell/use-route.ts';
import { useSoundPlayer } from '../voice/sound-player.ts';
import { AnnouncementChoice } from './announcement-choice.tsx';
import { FormField, NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';
import { VoicePlanFields } from './voice-plan-fields.tsx';

type Change = (response: RuleResponse, mark: string) => void;

export function ResponseFields({
  response,
  onChange,
}: Readonly<{ response: RuleResponse; onChange: Change }>) {
  const texts = useTexts();
  const player = useSoundPlayer();
  const route = useRoute();
  const cameraId = route.page === 'rules' ? route.cameraId : undefined;
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
        <AnnouncementChoice
          id="first"
          without="none"
          announcement={response.announcement}
          cameraId={cameraId}
          player={player}
          choose={(next) => onChange(withField(response, 'announcement', next), 'announcement')}
        />
      </FormField>
      <Checkbox
        checked={response.escalateIfStillThere ?? false}
        disabled={response.announcement === undefined}
        onChange={({ target }) =>
          onChange(
            withField(response, 'escalateIfStillThere', target.checked ? true : undefined),
            'escalateIfStillThere',
          )
        }
      >
        {texts.rules.escalateIfStillThere}
      </Checkbox>
      <VoicePlanFields
        response={response}
        cameraId={cameraId}
        player={player}
        onChange={onChange}
      />
    </>
  );
}
