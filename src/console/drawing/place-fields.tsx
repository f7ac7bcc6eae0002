/** What a zone tells of the place itself, whoever is there: that it is not empty for long, and that a crowd has gathered. */
import type { Zone } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';

export function PlaceFields({
  zone,
  onChange,
}: Readonly<{ zone: Zone; onChange: (zone: Zone, mark: string) => void }>) {
  const { rules: words } = useTexts();
  return (
    <>
      <NumberField
        name={words.occupied}
        value={zone.occupiedSeconds}
        placeholder={words.dwellOff}
        min={1}
        max={86_400}
        step={10}
        onChange={(value) => onChange(withField(zone, 'occupiedSeconds', value), 'occupied')}
      />
      <NumberField
        name={words.crowdCount}
        value={zone.crowdCount}
        placeholder={words.dwellOff}
        min={2}
        max={100}
        onChange={(value) => onChange(withField(zone, 'crowdCount', value), 'crowdCount')}
      />
      {zone.crowdCount === undefined ? null : (
        <NumberField
          name={words.crowdSeconds}
          value={zone.crowdSeconds}
          placeholder="5"
          min={0}
          max={3600}
          onChange={(value) => onChange(withField(zone, 'crowdSeconds', value), 'crowdSeconds')}
        />
      )}
    </>
  );
}
