/** What a row of the register says of its object and its details, in words instead of ids and JSON. Pure. */
import type { Scope } from '../../contract/access-rights.ts';
import type { AuditRow } from '../../contract/audit-view.ts';
import { clockText, dateText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';

const longId = /^[0-9a-f-]{24,}$/;

/** The end of a long id tells it from others; the whole stands in the cell's title and in the export. */
const shortened = (text: string): string => (longId.test(text) ? `…${text.slice(-8)}` : text);

/** `巷口 · 告警 …b2c3d4e5`; `cameraNames` by camera id. */
export function objectText(
  { object, cameraId }: Pick<AuditRow, 'object' | 'cameraId'>,
  cameraNames: ReadonlyMap<string, string>,
  { administration: { register: words } }: Texts,
): string {
  const camera = cameraId === undefined ? undefined : (cameraNames.get(cameraId) ?? cameraId);
  const [kind = '', ...rest] = (object ?? '').split(' ');
  const isCamera = kind === 'camera' && rest.join(' ') === cameraId;
  const named = [words.objects[kind] ?? kind, ...rest.map(shortened)].join(' ').trim();
  return [camera, isCamera ? '' : named].filter((part) => part).join(' · ');
}

/** `原因：派出所调取；版本：3`. What is no JSON stays as it is. */
export function detailText({ detail, action }: Pick<AuditRow, 'detail' | 'action'>, texts: Texts) {
  const facts = factsOf(detail);
  if (facts === undefined) return detail ?? '';
  const { register: words } = texts.administration;
  return Object.entries(facts)
    .map(([key, value]) => {
      const isCloseReason = action === 'alarm-closed' && key === 'reason';
      const known: Readonly<Record<string, string>> = texts.closeReason;
      const text = isCloseReason ? known[String(value)] : undefined;
      return words.fact(words.facts[key] ?? key, text ?? valueText(key, value, texts));
    })
    .join(words.between);
}

function factsOf(detail: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(detail ?? '');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : undefined;
  } catch {
    return undefined;
  }
}

function valueText(key: string, value: unknown, texts: Texts): string {
  const { administration } = texts;
  if (typeof value === 'number' && key.endsWith('Ms'))
    return `${dateText(value)} ${clockText(value)}`;
  if (typeof value === 'boolean') return administration.register[value ? 'yes' : 'no'];
  if (key === 'scope') return scopeText(value as Scope, texts);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (key === 'role')
    return administration.role[value as keyof typeof administration.role] ?? value;
  if (key === 'because') return administration.register.because[value] ?? value;
  return shortened(value);
}

function scopeText(scope: Scope, { administration: { users } }: Texts): string {
  return scope.kind === 'all'
    ? users.wholeCentre
    : [...scope.grids, ...scope.cameras].join(users.listed);
}
