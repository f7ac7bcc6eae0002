/** Times as the duty room reads them: 24-hour clock of the browser's own time zone. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `23:05:09` */
export function clockText(epochMs: number): string {
  const date = new Date(epochMs);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `2026-11-23` */
export function dateText(epochMs: number): string {
  const date = new Date(epochMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Of the browser's zone at that time: `UTC+8`, `UTC-3:30`, `UTC+0`. */
export function zoneText(epochMs: number): string {
  const ahead = -new Date(epochMs).getTimezoneOffset();
  const hours = Math.trunc(Math.abs(ahead) / 60);
  const minutes = Math.abs(ahead) % 60;
  return `UTC${ahead < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${two(minutes)}`}`;
}

/** `2026-11-23 23:05:09` */
export const fullMomentText = (epochMs: number): string =>
  `${dateText(epochMs)} ${clockText(epochMs)}`;

/** The clock alone for today, with the date for any other day. */
export function momentText(epochMs: number, nowMs: number): string {
  return dateText(epochMs) === dateText(nowMs)
    ? clockText(epochMs)
    : `${dateText(epochMs).slice(5)} ${clockText(epochMs)}`;
}
