/**
 * Damaged files: outbox and store, as killed programs leave them, each damaged in one way after another and opened again; and
 * a full outbox with a bad place in the middle. They open soon, lose nothing in silence and give no number twice.
 */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOutboxSettings, openOutbox } from '../../src/edge/uplink/outbox.ts';
import { createDamagedOutbox } from '../../src/testing/damaged-outbox.ts';
import { createDamagedStore } from '../../src/testing/damaged-store.ts';
import { crossingDraft } from '../../src/testing/events.ts';
import { type DamageManner, damageFile, damageManners } from '../../src/testing/file-damage.ts';
import type { Random } from '../harness/random.ts';
import { broken, type Scenario } from './scenario.ts';

const mostOpenedMs = 10_000;
const events = 400;

type Attempt = Readonly<{
  manner: DamageManner;
  faults: readonly string[];
  reason: string | undefined;
  missing: number;
  openedMs: number;
}>;

export const damage: Scenario = async ({ folder, random, times }) => {
  const outbox = createDamagedOutbox(folder, events);
  const store = await createDamagedStore(folder, events);
  const manners = Array.from({ length: times }, (_, at) => mannerOf(at));
  const outboxes: Attempt[] = manners.map((manner) => ({
    manner,
    ...outbox.attempt(manner, random.below),
  }));
  const stores: Attempt[] = [];
  for (const manner of manners)
    stores.push({ manner, ...(await store.attempt(manner, random.below)) });
  const large = openLarge(folder, random);
  const all = [...outboxes, ...stores];
  const slowestMs = Math.round(Math.max(...all.map(({ openedMs }) => openedMs)));
  const more = broken({
    [`one took ${slowestMs} ms to open`]: slowestMs > mostOpenedMs,
    [`the large one took ${large.openedMs} ms to open`]: large.openedMs > mostOpenedMs,
    'the large one was not found damaged': large.reason === undefined,
  });
  const faults = all.flatMap(({ manner, faults: found }) =>
    found.map((fault) => `${manner}: ${fault}`),
  );
  const figures = {
    faults: all.length,
    outbox: summary(outboxes),
    store: summary(stores),
    slowestMs,
    large,
  };
  return { figures, broken: [...faults, ...more] };
};

function mannerOf(at: number): DamageManner {
  return damageManners[at % damageManners.length] ?? 'bytes';
}

function summary(attempts: readonly Attempt[]) {
  return {
    attempts: attempts.length,
    toldAtOpening: attempts.filter(({ reason }) => reason !== undefined).length,
    wholeAllTheSame: attempts.filter(({ missing }) => missing === 0).length,
    eventsKept: attempts.reduce((sum, { missing }) => sum - missing, attempts.length * events),
  };
}

/** As large as it may become, of snapshots mostly. */
function openLarge(folder: string, random: Random) {
  const file = join(folder, 'large', 'outbox.sqlite');
  const picture = randomBytes(200_000);
  picture.set([0xff, 0xd8]);
  picture.set([0xff, 0xd9], picture.length - 2);
  const full = openOutbox(file, 'edge-1');
  for (let written = 0; written < defaultOutboxSettings.maxBytes; written += picture.length) {
    const { eventId } = full.add(crossingDraft(), 1);
    full.addSnapshot(eventId, picture, 1);
  }
  const produced = full.rows();
  full.close();
  const megabytes = Math.round(statSync(file).size / 1024 ** 2);
  damageFile(file, 'pages', (limit) => Math.floor(limit / 2) + random.below(2), '');
  const from = performance.now();
  const mended = openOutbox(file, 'edge-1');
  const openedMs = Math.round(performance.now() - from);
  const kept = mended.rows();
  mended.close();
  return { megabytes, openedMs, produced, kept, reason: mended.damage?.reason };
}
