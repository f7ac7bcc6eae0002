/**
 * Asks an edge what a rule would have done with the tracks that it keeps, and waits for the answer. Nothing is stored. An
 * edge that is away, busy or too old to understand the question is told of by name.
 */
import { uuidv7 } from 'uuidv7';
import type { CameraCommand } from '../contract/edge-report.ts';
import type { OneRule } from '../contract/rule.ts';
import type { RuleReplay, RuleReplayed } from '../contract/rule-replay.ts';
import type { Store } from './store/store.ts';

const patienceMs = 25_000;
/** Of all operators together. */
const mostAsked = 50;

type ReplayOutcome =
  | Readonly<{ kind: 'replayed'; replay: RuleReplay }>
  | Readonly<{ kind: 'no-camera' }>
  /** `edgeId` says which box has the camera. */
  | Readonly<{ kind: 'offline' | 'silent' | 'busy'; edgeId: string }>
  | Readonly<{ kind: 'failed'; edgeId: string; reason: string }>;

export type ReplayDesk = Readonly<{
  ask: (cameraId: string, rule: OneRule) => Promise<ReplayOutcome>;
  /** Of an answer that nobody waits for nothing is made. */
  answered: (answer: RuleReplayed) => void;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'camera' | 'edges'>;
  connected: () => boolean;
  sendCommand: (edgeId: string, command: CameraCommand) => void;
  patienceMs?: number;
}>;

type Asked = Readonly<{ edgeId: string; settle: (outcome: ReplayOutcome) => void }>;

export function createReplayDesk(parts: Parts): ReplayDesk {
  const asked = new Map<string, Asked>();
  return {
    ask: async (cameraId, rule) => {
      const camera = await parts.store.camera(cameraId);
      if (camera === undefined) return { kind: 'no-camera' };
      const { edgeId } = camera;
      const edge = (await parts.store.edges(undefined)).find((one) => one.edgeId === edgeId);
      if (edge?.online !== true || !parts.connected()) return { kind: 'offline', edgeId };
      if (asked.size >= mostAsked) return { kind: 'busy', edgeId };
      const requestId = uuidv7();
      const outcome = new Promise<ReplayOutcome>((resolve) => {
        const impatience = setTimeout(
          () => settle({ kind: 'silent', edgeId }),
          parts.patienceMs ?? patienceMs,
        );
        const settle = (told: ReplayOutcome): void => {
          clearTimeout(impatience);
          asked.delete(requestId);
          resolve(told);
        };
        asked.set(requestId, { edgeId, settle });
      });
      parts.sendCommand(edgeId, { kind: 'replay-rule', requestId, cameraId, rule });
      return outcome;
    },
    answered: ({ edgeId, requestId, outcome }) => {
      const question = asked.get(requestId);
      // Another box cannot answer for this one.
      if (question?.edgeId !== edgeId) return;
      question.settle(outcome.kind === 'replayed' ? outcome : { ...outcome, edgeId });
    },
  };
}
