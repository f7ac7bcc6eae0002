/** A time of the day on the 24-hour clock, whatever the browser's own language is: `22:00`. What is no time is not taken. */
import { Input } from 'antd';
import { useState } from 'react';
import { readClock } from './read-clock.ts';

export function ClockField({
  name,
  value,
  onChange,
}: Readonly<{ name: string; value: string; onChange: (value: string) => void }>) {
  /** While it is typed it may be none. */
  const [typed, setTyped] = useState<string>();
  const isTime = typed === undefined || readClock(typed) !== undefined;
  return (
    <Input
      value={typed ?? value}
      aria-label={name}
      placeholder="22:00"
      inputMode="numeric"
      maxLength={5}
      status={isTime ? '' : 'error'}
      onChange={({ target }) => {
        setTyped(target.value);
        const time = readClock(target.value);
        if (time !== undefined) onChange(time);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
