/** Asks what the rule that is being drawn would have done, and keeps the answer until another is asked for. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleReplay, WouldBeEvent } from '../../contract/rule-replay.ts';
import { replayRule } from '../api/routes.ts';
import { type DrawnRule, toOneRule } from './drawn-rule.ts';

export type RuleTrial = Readonly<{
  ask: (drawn: DrawnRule) => void;
  busy: boolean;
  failure: Error | null;
  /** The answer, and the rule as it was when it was asked for. */
  tried?: Readonly<{ drawn: DrawnRule; replay: RuleReplay }>;
  /** The firing that is pointed at in the list. */
  pointedAt: WouldBeEvent | undefined;
  pointAt: (firing: WouldBeEvent | undefined) => void;
}>;

export function useRuleTrial(cameraId: string): RuleTrial {
  const [pointedAt, pointAt] = useState<WouldBeEvent>();
  const asking = useMutation({
    mutationFn: (drawn: DrawnRule) => replayRule(cameraId, toOneRule(drawn)),
    onMutate: () => pointAt(undefined),
  });
  const { variables: drawn, data: replay } = asking;
  return {
    ask: asking.mutate,
    busy: asking.isPending,
    failure: asking.error,
    ...(drawn === undefined || replay === undefined ? {} : { tried: { drawn, replay } }),
    pointedAt,
    pointAt,
  };
}

/** Whether the rule would fire as it did when it was tried: its name and its answer change nothing. */
export function firesAlike(a: DrawnRule, b: DrawnRule): boolean {
  return firing(a) === firing(b);
}

function firing({ kind, rule }: DrawnRule): string {
  const { name: _, response: __, clip: ___, ...rest } = rule;
  return JSON.stringify([kind, rest]);
}

/** Two people may do the same in the same picture, but not in the same place. */
export function keyOf({ atMs, kind, footPoint }: WouldBeEvent): string {
  return [atMs, kind, ...footPoint].join(' ');
}
