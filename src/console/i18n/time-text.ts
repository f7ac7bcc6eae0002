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

/** The clock alone for today, with the date for any other day. */
export function momentText(epochMs: number, nowMs: number): string {
  return dateText(epochMs) === dateText(nowMs)
    ? clockText(epochMs)
    : `${dateText(epochMs).slice(5)} ${clockText(epochMs)}`;
}
