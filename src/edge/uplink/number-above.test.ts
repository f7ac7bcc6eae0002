/** A centre may move a box's numbers up, and never so far that the box could count no further. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { topicsOf } from '../../contract/topics.ts';
import { crossingDraft } from '../../testing/events.ts';
import { openOutbox } from './outbox.ts';
import { createUplinkReceiver } from './uplink-receiver.ts';

test.each([
  ['up to where it can still count', 1000, 1001],
  ['not to the end of all numbers', Number.MAX_SAFE_INTEGER, 1],
])('the numbers of a box are moved %s', (_, sequence, next) => {
  const folder = mkdtempSync(join(tmpdir(), 'number-above-'));
  const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1');
  const receive = createUplinkReceiver({
    ...{ edgeId: 'edge-1', outbox, clips: undefined, answerMissing: () => undefined },
    sender: {
      acknowledged: () => undefined,
      heardAgain: () => undefined,
      wake: () => undefined,
    },
    listeners: {
      onRules: () => undefined,
      onUnreadableRules: () => undefined,
      onCommand: () => undefined,
    },
    logger: pino({ level: 'silent' }),
  });
  const command = JSON.stringify({ kind: 'number-above', sequence });
  receive(topicsOf('edge-1').command, Buffer.from(command));
  expect(outbox.add(crossingDraft(), 1).sequence).toBe(next);
  expect(outbox.add(crossingDraft(), 2).sequence).toBe(next + 1);
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});
