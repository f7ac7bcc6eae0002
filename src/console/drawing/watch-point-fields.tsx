/** A watch point's own settings: how large, how many passes, within how long. */
import type { WatchPoint } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

export function WatchPointFields({
  watchPoint,
  onChange,
}: Readonly<{ watchPoint: WatchPoint; onChange: (changed: WatchPoint, mark: string) => void }>) {
  const { rules: words } = useTexts();
  return (
    <>
      <NumberField
        name={words.passes}
        value={watchPoint.passes}
        placeholder="3"
        min={1}
        max={20}
        onChange={(value) => onChange(withField(watchPoint, 'passes', value), 'passes')}
      />
      <NumberField
        name={words.window}
        value={watchPoint.windowSeconds}
        placeholder="600"
        min={1}
        max={86_400}
        step={60}
        onChange={(value) => onChange(withField(watchPoint, 'windowSeconds', value), 'window')}
      />
      <NumberField
        name={words.radius}
        value={Math.round(watchPoint.radiusOfHeight * 1000) / 10}
        min={1}
        max={100}
        onChange={(percent) => {
          if (percent !== undefined) {
            onChange({ ...watchPoint, radiusOfHeight: percent / 100 }, 'radius');
          }
        }}
      />
    </>
  );
}
