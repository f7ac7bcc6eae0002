/**
 * Loaded before a program (`node --import`): its Date is off by the milliseconds that stand in the file SKEW_FILE, which may
 * change while it runs. Nothing else is touched: `performance.now` and timers go on as they do when a clock is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env['SKEW_FILE'] ?? '';
const lookEveryMs = 50;
const trueNow = Date.now;
let skewMs = 0;

function look(): void {
  try {
    skewMs = Number(readFileSync(file, 'utf8'));
  } catch {
    // It is just being written.
  }
}

look();
setInterval(look, lookEveryMs).unref();

const now = (): number => trueNow() + skewMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, values, asked) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, asked),
  apply: (target) => new target(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
