/** For how long a camera's rules could not have fired today, as one line: the sum and its reasons, the longest first. Pure. */
import type { BlindEntry, BlindReason } from '../../contract/blind-time.ts';
import type { RulesTexts } from '../i18n/rules-zh.ts';

type Words = RulesTexts['blind'];

/** Undefined when there was none. The camera's own time counts, and that of the rule that was blind longest beside it. */
export function blindText(entries: readonly BlindEntry[], words: Words): string | undefined {
  const longest = new Map<BlindReason, number>();
  const ofCamera = new Set(
    entries.flatMap(({ ruleId, reason }) => (ruleId === undefined ? [reason] : [])),
  );
  for (const { ruleId, reason, seconds } of entries) {
    if (ruleId !== undefined && ofCamera.has(reason)) continue;
    longest.set(reason, Math.max(longest.get(reason) ?? 0, seconds));
  }
  const reasons = [...longest].filter(([, seconds]) => seconds > 0).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return undefined;
  const sum = reasons.reduce((total, [, seconds]) => total + seconds, 0);
  const parts = reasons.map(
    ([reason, seconds]) => `${words.reason[reason]} ${spanText(seconds, words)}`,
  );
  return `${words.today(spanText(sum, words))} (${parts.join(', ')})`;
}

export function spanText(seconds: number, words: Words): string {
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return words.minutes(minutes);
  return words.hours(Math.floor(minutes / 60), minutes % 60);
}
