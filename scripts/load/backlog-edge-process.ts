/**
 * An edge box that was cut off: its real outbox holds events of an hour ago. Says `filled`, then waits for the line `go`;
 * then it dials the broker, reports a live event four times a second (`live EVENT-ID EPOCH-MS`) and says `backlog N`.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createUplink } from '../../src/edge/uplink/uplink.ts';
import { crossingDraft } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    broker: { type: 'string', default: '' },
    events: { type: 'string', default: '20000' },
  },
});
const hourMs = 3_600_000;
let isCutOff = true;
const shifted = (): number => Date.now() - (isCutOff ? hourMs : 0);
const uplink = createUplink(
  {
    edgeId: 'edge-1',
    bootId: uuidv7(),
    dataFolder: values.folder,
    broker: { url: values.broker, username: 'edge-1', password: edgePassword },
  },
  { onRules: () => undefined, onUnreadableRules: () => undefined, onCommand: () => undefined },
  pino({ level: 'silent' }),
  { wallMs: shifted, steadyMs: shifted },
);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

for (let at = 0; at < Number(values.events); at += 1) {
  uplink.report(
    crossingDraft({ cameraId: `cam-${at % 10}`, capturedAtMs: Date.now() - hourMs + at }),
  );
}
isCutOff = false;
say('filled');

let live = 0;
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line !== 'go') return;
  uplink.start();
  setInterval(() => {
    live += 1;
    const atMs = Date.now();
    const event = uplink.report(crossingDraft({ ruleId: `live-${live}`, capturedAtMs: atMs }));
    say(`live ${event.eventId} ${atMs}`);
  }, 250);
  setInterval(() => say(`backlog ${uplink.outboxRows()}`), 100);
});
process.once('SIGTERM', () => process.exit(0));
