/** A zone's own settings: how long is loitering, and whether entering and leaving are reported too. */
import { Checkbox } from 'antd';
import type { Zone } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

export function ZoneFields({
  zone,
  onChange,
}: Readonly<{ zone: Zone; onChange: (zone: Zone, mark: string) => void }>) {
  const { rules: words } = useTexts();
  return (
    <>
      <NumberField
        name={words.dwell}
        value={zone.dwellSeconds}
        placeholder={words.dwellOff}
        min={1}
        max={86_400}
        onChange={(value) => onChange(withField(zone, 'dwellSeconds', value), 'dwell')}
      />
      <Checkbox
        checked={zone.reportsPassage ?? true}
        onChange={({ target }) =>
          onChange({ ...zone, reportsPassage: target.checked }, 'reportsPassage')
        }
      >
        {words.reportsPassage}
      </Checkbox>
    </>
  );
}
