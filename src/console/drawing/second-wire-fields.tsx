/** Two wires in order: adding the second, its direction, and how much time lies between the two. */
import { Button, Segmented } from 'antd';
import { type Direction, defaultMostSeconds, type Tripwire } from '../../contract/rule.ts';
import { useTexts } from '../i18n/language.tsx';
import { FormField, NumberField } from './form-field.tsx';
import { withField } from './rule-with.ts';
import { beside } from './second-wire.ts';

export function SecondWireFields({
  tripwire,
  onChange,
}: Readonly<{ tripwire: Tripwire; onChange: (tripwire: Tripwire, mark: string) => void }>) {
  const texts = useTexts();
  const words = texts.rules;
  const { secondWire } = tripwire;
  if (secondWire === undefined) {
    return (
      <Button
        data-testid="add-second-wire"
        onClick={() =>
          onChange({ ...tripwire, secondWire: { points: beside(tripwire.points) } }, 'secondWire')
        }
      >
        {words.addSecondWire}
      </Button>
    );
  }
  const take = (changed: NonNullable<Tripwire['secondWire']>): void =>
    onChange({ ...tripwire, secondWire: changed }, 'secondWire');
  return (
    <>
      <FormField name={words.secondDirection}>
        <Segmented<Direction>
          block
          value={secondWire.direction ?? 'both'}
          onChange={(direction) => take({ ...secondWire, direction })}
          options={[
            { value: 'a-to-b', label: texts.event.direction['a-to-b'] },
            { value: 'both', label: words.both },
            { value: 'b-to-a', label: texts.event.direction['b-to-a'] },
          ]}
        />
      </FormField>
      <NumberField
        name={words.leastSeconds}
        value={secondWire.leastSeconds}
        placeholder="0"
        min={0}
        max={3600}
        onChange={(value) => take(withField(secondWire, 'leastSeconds', value))}
      />
      <NumberField
        name={words.mostSeconds}
        value={secondWire.mostSeconds}
        placeholder={String(defaultMostSeconds)}
        min={1}
        max={3600}
        onChange={(value) => take(withField(secondWire, 'mostSeconds', value))}
      />
      <Button onClick={() => onChange(withField(tripwire, 'secondWire', undefined), 'secondWire')}>
        {words.removeSecondWire}
      </Button>
    </>
  );
}
