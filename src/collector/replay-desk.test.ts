/** Asking an edge what a rule would have done: whose answer counts, and what is said when there is none. */
import { describe, expect, test } from 'vitest';
import type { CameraView, EdgeView } from '../contract/console-api.ts';
import type { CameraCommand } from '../contract/edge-report.ts';
import type { OneRule } from '../contract/rule.ts';
import type { RuleReplay } from '../contract/rule-replay.ts';
import { createReplayDesk } from './replay-desk.ts';

const rule: OneRule = {
  kind: 'watch-point',
  watchPoint: { ruleId: 'point', centre: [0.5, 0.5], radiusOfHeight: 0.1 },
};
const replay: RuleReplay = { count: 0, perHour: [], firings: [], tookMs: 3 };

function desk({ online = true, connected = true, patienceMs = 60_000 } = {}) {
  const sent: (readonly [string, CameraCommand])[] = [];
  const edges: readonly EdgeView[] = [{ edgeId: 'edge-1', online, sinceMs: 0, outboxRows: 0 }];
  const replays = createReplayDesk({
    store: {
      camera: async (cameraId) =>
        cameraId === 'cam-1' ? ({ cameraId, edgeId: 'edge-1' } as CameraView) : undefined,
      edges: async () => edges,
    },
    connected: () => connected,
    sendCommand: (...order) => sent.push(order),
    patienceMs,
  });
  /** The question that has gone out. */
  const question = async (): Promise<string> => {
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    const command = sent.at(-1)?.[1];
    return command?.kind === 'replay-rule' ? command.requestId : '';
  };
  return { ...replays, sent, question };
}

describe('asking an edge what a rule would have done', () => {
  test('sends the rule to the box that has the camera and gives its answer', async () => {
    const { ask, answered, question, sent } = desk();
    const outcome = ask('cam-1', rule);
    const requestId = await question();
    expect(sent).toMatchObject([['edge-1', { kind: 'replay-rule', cameraId: 'cam-1', rule }]]);
    answered({ edgeId: 'edge-1', requestId, outcome: { kind: 'replayed', replay } });
    expect(await outcome).toEqual({ kind: 'replayed', replay });
  });

  test('takes no answer of another box, nor one to another question', async () => {
    const { ask, answered, question } = desk();
    const outcome = ask('cam-1', rule);
    const requestId = await question();
    answered({ edgeId: 'edge-2', requestId, outcome: { kind: 'failed', reason: 'not mine' } });
    answered({ edgeId: 'edge-1', requestId: 'another', outcome: { kind: 'busy' } });
    answered({ edgeId: 'edge-1', requestId, outcome: { kind: 'busy' } });
    expect(await outcome).toEqual({ kind: 'busy', edgeId: 'edge-1' });
  });

  test.each([{ online: false }, { connected: false }])(
    'asks nobody when the box cannot be reached: %j',
    async (state) => {
      const { ask, sent } = desk(state);
      expect(await ask('cam-1', rule)).toEqual({ kind: 'offline', edgeId: 'edge-1' });
      expect(sent).toEqual([]);
    },
  );

  test('waits for so long and no longer', async () => {
    const { ask } = desk({ patienceMs: 5 });
    expect(await ask('cam-1', rule)).toEqual({ kind: 'silent', edgeId: 'edge-1' });
  });

  test('says when there is no such camera', async () => {
    expect(await desk().ask('cam-2', rule)).toEqual({ kind: 'no-camera' });
  });
});
