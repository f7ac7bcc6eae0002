/**
 * Which rules of a camera get fewer analysed pictures than they need. A rule is degraded when that has lasted ten seconds,
 * and well again when it has had enough for as long: a hiccup is no news. Pure; times in milliseconds.
 */

import type { DegradedRule } from '../contract/edge-report.ts';
import { because } from '../contract/reason.ts';

const lastingMs = 10_000;
/** The camera's own rate swings by a picture in ten. */
const enoughShare = 0.9;

export type RuleNeeds = readonly Readonly<{ ruleId: string; neededPerSecond: number }>[];

export type RateWatch = Readonly<{
  take: (needs: RuleNeeds, analysedPerSecond: number, nowMs: number) => void;
  /** Nothing is analysed: that is told as the camera's own state. */
  forget: () => void;
  degraded: () => readonly DegradedRule[];
}>;

type Entry = { isShort: boolean; sinceMs: number; told?: DegradedRule };

export function createRateWatch(): RateWatch {
  const entries = new Map<string, Entry>();
  return {
    take: (needs, analysedPerSecond, nowMs) => {
      for (const ruleId of entries.keys())
        if (!needs.some((need) => need.ruleId === ruleId)) entries.delete(ruleId);
      for (const need of needs) {
        const entry = entries.get(need.ruleId) ?? { isShort: false, sinceMs: nowMs };
        entries.set(need.ruleId, entry);
        judge(entry, need, analysedPerSecond, nowMs);
      }
    },
    forget: () => entries.clear(),
    degraded: () => [...entries.values()].flatMap(({ told }) => told ?? []),
  };
}

function judge(
  entry: Entry,
  { ruleId, neededPerSecond }: RuleNeeds[number],
  analysedPerSecond: number,
  nowMs: number,
): void {
  const isShort = analysedPerSecond < neededPerSecond * enoughShare;
  if (entry.isShort !== isShort) Object.assign(entry, { isShort, sinceMs: nowMs });
  if (nowMs - entry.sinceMs < lastingMs) return;
  if (isShort) entry.told ??= degradedRule(ruleId, neededPerSecond, nowMs);
  else delete entry.told;
}

function degradedRule(ruleId: string, neededPerSecond: number, sinceMs: number): DegradedRule {
  const reason = because('rule-too-slow', { ruleId, neededPerSecond });
  return { ruleId, neededPerSecond, reason, sinceMs };
}
