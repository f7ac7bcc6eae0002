/** A typed time of the day as the contract writes it: `7:30`, `0730`, `07：30` are `07:30`. Undefined for what is none. Pure. */
export function readClock(typed: string): string | undefined {
  const text = typed.trim();
  const [, hour = '', minute = ''] =
    /^(\d{1,2})[:：.](\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text) ?? [];
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return `${hour.padStart(2, '0')}:${minute}`;
}
