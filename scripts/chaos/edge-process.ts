/**
 * An edge box without cameras: the real outbox and uplink, and events at a steady rate. Says `try N` before an event is
 * given to the outbox, `kept N` when it is safe, `backlog N` four times a second; the line `stop` ends the events.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { EventDraft } from '../../src/contract/rule-event.ts';
import { createUplink } from '../../src/edge/uplink/uplink.ts';
import { crossingDraft } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';
import { createTrustingUplink } from './trusting-uplink.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    broker: { type: 'string', default: '' },
    'per-second': { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    /** Believes the broker: the negative control. */
    control: { type: 'boolean', default: false },
  },
});

const settings = {
  edgeId: 'edge-1',
  bootId: uuidv7(),
  dataFolder: join(values.folder, 'edge'),
  broker: { url: values.broker, username: 'edge-1', password: edgePassword },
};
const nobody = {
  onRules: () => undefined,
  onUnreadableRules: () => undefined,
  onCommand: () => undefined,
};
const logger = pino({ level: 'silent' });
const uplink = values.control
  ? createTrustingUplink(settings)
  : createUplink(settings, nobody, logger);

/** A pipe is written before the call returns: what was said is said, even if the process is killed next. */
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const draft = (attempt: number): EventDraft =>
  crossingDraft({
    trackId: attempt,
    cameraId: `cam-${(attempt % 10) + 1}`,
    capturedAtMs: Date.now(),
  });

let attempt = Number(values.first);
let isProducing = true;
let owed = 0;
let last = performance.now();
uplink.start();
setInterval(() => {
  const now = performance.now();
  // A process that was halted does not make up for what it missed.
  owed += (Math.min(now - last, 100) / 1000) * Number(values['per-second']);
  last = now;
  for (; isProducing && owed >= 1; owed -= 1) {
    say(`try ${attempt}`);
    uplink.report(draft(attempt));
    say(`kept ${attempt}`);
    attempt += 1;
  }
}, 10);
setInterval(() => say(`backlog ${uplink.outboxRows()}`), 250);
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'stop') isProducing = false;
});
process.once('SIGTERM', () => {
  void uplink.stop().then(() => process.exit(0));
});
