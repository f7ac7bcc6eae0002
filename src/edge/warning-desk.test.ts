/** The centre always gets one answer to its question whether somebody left, also when the camera cannot tell. */
import { expect, test } from 'vitest';
import type { WatchLeaving } from '../contract/edge-report.ts';
import type { CameraRules } from '../contract/rule.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import { createLeavingDesk } from './leaving-desk.ts';
import type { Leaving } from './scene/leaving-watch.ts';
import { createWarningDesk } from './warning-desk.ts';
import type { ToWorker } from './worker-messages.ts';

const eventId = '01890a5d-ac96-774b-bcce-b302099a8057';
const who = { eventId, ruleId: 'zone', trackId: 7, personId: 7, forSeconds: 30 };
const command: WatchLeaving = {
  kind: 'watch-leaving',
  cameraId: 'gate',
  capturedAtMs: 500,
  ...who,
};
const outline: [number, number][] = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const rules: CameraRules = { schemaVersion: 1, zones: [{ ruleId: 'zone', points: outline }] };
const sight = { rules, aspectRatio: 1, sinceMs: 400 };

function box() {
  let nowMs = 1000;
  const posted: (readonly [string, ToWorker])[] = [];
  const reported: EventDraft[] = [];
  const desk = createWarningDesk({
    post: (...message) => posted.push(message),
    report: (draft) => reported.push(draft),
    now: () => nowMs,
  });
  return {
    desk,
    posted,
    reported,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("the question goes to the camera's worker once and its answer becomes an event", () => {
  const { desk, posted, reported, wait } = box();
  desk.take(command);
  desk.take(command);
  expect(posted).toEqual([['gate', { kind: 'watch-leaving', order: who, capturedAtMs: 500 }]]);
  wait(12_000);
  desk.answered('gate', { eventId, outcome: 'left', afterSeconds: 12 });
  desk.answered('gate', { eventId, outcome: 'still-there', afterSeconds: 30 });
  wait(60_000);
  desk.elapse();
  expect(reported).toEqual([
    {
      kind: 'warning-answered',
      cameraId: 'gate',
      capturedAtMs: 13_000,
      mediaTimeMs: 0,
      warnedEventId: eventId,
      outcome: 'left',
      afterSeconds: 12,
    },
  ]);
});

test('a worker that never answers, because it died or is not there, is answered for', () => {
  const { desk, reported, wait } = box();
  desk.take(command);
  wait(39_000);
  desk.elapse();
  expect(reported).toEqual([]);
  wait(1000);
  desk.elapse();
  expect(reported).toMatchObject([{ outcome: 'unknown', reason: expect.stringMatching(/answer/) }]);
});

test.each<[string, Partial<Parameters<typeof createLeavingDesk>[0]>, string, number, RegExp]>([
  ['before the first picture', { sight: () => undefined }, 'zone', 500, /anew/],
  ['about a track of before a restart', {}, 'zone', 399, /anew/],
  ['while it is blind', { blindness: () => 'the camera is covered' }, 'zone', 500, /covered/],
  ['about a rule that was deleted', {}, 'gone', 500, /rule/],
])(
  'a camera asked %s says at once that it does not know, and why',
  (_, given, ruleId, atMs, why) => {
    const told: Leaving[] = [];
    const parts = { sight: () => sight, blindness: () => undefined, now: () => 0 };
    const desk = createLeavingDesk({ ...parts, send: (answer) => told.push(answer), ...given });
    desk.start({ ...who, ruleId }, atMs);
    const unknown = { outcome: 'unknown', reason: expect.stringMatching(why) };
    expect(told).toMatchObject([{ eventId, ...unknown }]);
  },
);

test('a camera whose picture becomes another one gives up, and one that goes blind too', () => {
  const told: Leaving[] = [];
  let blind: string | undefined;
  const desk = createLeavingDesk({
    sight: () => sight,
    blindness: () => blind,
    send: (answer) => told.push(answer),
    now: () => 0,
  });
  desk.start(who, 500);
  desk.forget('another picture');
  desk.start(who, 500);
  desk.elapse();
  expect(told).toMatchObject([{ outcome: 'unknown', reason: 'another picture' }]);
  blind = 'the camera is offline';
  desk.elapse();
  expect(told.slice(1)).toMatchObject([{ outcome: 'unknown', reason: blind }]);
});
