/** How the centre says that it is: work that never ends, a broker that lets it in and tells it nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import { topicsOf } from '../contract/topics.ts';
import { createEmbeddedBroker, type EmbeddedBroker } from '../demo/broker.ts';
import { crossingEvent } from '../testing/events.ts';
import { quietIntake } from '../testing/quiet-centre.ts';
import { createCondition } from './condition.ts';
import { createEdgeLink } from './edge-link.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'condition-'));
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [],
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a query that never comes back is a stall, and nothing is one while all is done', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const intake = quietIntake(store, { fileEvents: () => held });
  expect(intake.stalledForMs()).toBe(0);
  intake.take(topicsOf('edge-1').event('cam-1'), Buffer.from(toCloudEvent(crossingEvent(1))));
  await expect.poll(() => intake.stalledForMs()).toBeGreaterThan(20);
  // Whoever stops does not wait for it for ever.
  await intake.stop(20);
  letGo();
  await intake.stop();
  expect(intake.stalledForMs()).toBe(0);
});

test.each([
  [0, 'well', true],
  [14_000, 'well', true],
  [16_000, 'stalled', true],
  [130_000, 'stalled', false],
] as const)('after %i ms without progress the intake is %s', async (stalledMs, intake, helps) => {
  const condition = createCondition({
    dataFolder: join(folder, 'new'),
    stalledForMs: () => stalledMs,
  });
  expect([condition.intake(), condition.helpsItself()]).toEqual([intake, helps]);
  expect(await condition.freeBytes()).toBeGreaterThan(0);
});

test('a broker that lets the collector in but not hear the edges is no connected broker', async () => {
  const password = 'a-password-of-its-own';
  let broker: EmbeddedBroker | undefined;
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => logged.push(line) });
  try {
    broker = createEmbeddedBroker({ port: 0, accounts: { collector: password, guest: password } });
    const url = `mqtt://127.0.0.1:${await broker.start()}`;
    const linkOf = (username: string) =>
      createEdgeLink({ url, username, password }, { onMessage: () => undefined }, logger);
    const [deaf, hearing] = [linkOf('guest'), linkOf('collector')];
    deaf.start();
    hearing.start();
    await expect.poll(() => hearing.connected(), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => logged.join(''), { timeout: 10_000 }).toContain('mend its access list');
    expect(deaf.connected()).toBe(false);
    await hearing.hearNoMore();
    await Promise.all([deaf.stop(), hearing.stop()]);
    expect(hearing.connected()).toBe(false);
  } finally {
    await broker?.stop();
  }
});
