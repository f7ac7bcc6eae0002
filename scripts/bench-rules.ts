/**
 * What a day of one busy camera costs: five pictures a second, on average three people who come, walk through and go. Says
 * how many bytes it takes on disk, and how long each kind of rule takes over all of it.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type OneRule, rulesOf } from '../src/contract/rule.ts';
import type { RuleReplayed } from '../src/contract/rule-replay.ts';
import type { Point } from '../src/contract/shape.ts';
import { createReplayDesk } from '../src/edge/replay-desk.ts';
import { replayRule } from '../src/edge/scene/replay-rule.ts';
import type { SceneTrack } from '../src/edge/scene/scene.ts';
import { createTrackLog } from '../src/edge/track-log/track-log.ts';
import { createTrackRecorder } from '../src/edge/track-log/track-recorder.ts';
import { seededRandom } from '../src/testing/walks.ts';

const pace = { framesPerSecond: 5, people: 3, stayMs: 40_000 };
const dayMs = 24 * 3_600_000;
const startedAtMs = 1_795_795_200_000;
const random = seededRandom(1);

type Passer = Readonly<{ trackId: number; fromMs: number; from: Point; to: Point }>;

function trackAt({ trackId, fromMs, from, to }: Passer, mediaTimeMs: number): SceneTrack {
  const share = (mediaTimeMs - fromMs) / pace.stayMs;
  const x = from[0] + (to[0] - from[0]) * share + (random() - 0.5) * 0.006;
  const y = from[1] + (to[1] - from[1]) * share + (random() - 0.5) * 0.006;
  const height = 0.1 + 0.15 * y + (random() - 0.5) * 0.006;
  return {
    trackId,
    personId: trackId,
    state: 'confirmed',
    label: 'person',
    confidence: 0.6 + 0.3 * random(),
    box: { left: x - height * 0.15, right: x + height * 0.15, top: y - height, bottom: y },
    firstSeenMs: fromMs,
    lastSeenMs: mediaTimeMs,
  };
}

/** Everybody crosses the picture from one side to the other. */
function passer(trackId: number, fromMs: number): Passer {
  const [y, otherY] = [0.4 + 0.5 * random(), 0.4 + 0.5 * random()];
  return random() < 0.5
    ? { trackId, fromMs, from: [0.05, y], to: [0.95, otherY] }
    : { trackId, fromMs, from: [0.95, y], to: [0.05, otherY] };
}

const rules: readonly OneRule[] = [
  {
    kind: 'tripwire',
    tripwire: {
      ruleId: 'tripwire',
      points: [
        [0.5, 0.95],
        [0.5, 0.3],
      ],
    },
  },
  {
    kind: 'zone',
    zone: {
      ruleId: 'zone',
      points: [
        [0.3, 0.4],
        [0.7, 0.4],
        [0.7, 0.9],
        [0.3, 0.9],
      ],
      dwellSeconds: 10,
    },
  },
  {
    kind: 'watch-point',
    watchPoint: { ruleId: 'watch-point', centre: [0.5, 0.6], radiusOfHeight: 0.1 },
  },
];

const folder = await mkdtemp(join(tmpdir(), 'bench-rules-'));
try {
  const log = createTrackLog({
    folder,
    onFailure: (_, reason) => process.stderr.write(`${reason}\n`),
  });
  let nowMs = startedAtMs;
  const head = { runId: startedAtMs, aspectRatio: 16 / 9 };
  const recorder = createTrackRecorder(head, (batch) => log.append('cam-1', batch, nowMs));
  let people: readonly Passer[] = [];
  let trackId = 0;
  let sightings = 0;
  for (let mediaTimeMs = 0; mediaTimeMs < dayMs; mediaTimeMs += 1000 / pace.framesPerSecond) {
    nowMs = startedAtMs + mediaTimeMs;
    people = people.filter(({ fromMs }) => mediaTimeMs - fromMs <= pace.stayMs);
    if (random() < pace.people / pace.stayMs / (pace.framesPerSecond / 1000)) {
      trackId += 1;
      people = [...people, passer(trackId, mediaTimeMs)];
    }
    sightings += people.length;
    const tracks = people.map((one) => trackAt(one, mediaTimeMs));
    recorder.take({ mediaTimeMs, capturedAtMs: nowMs }, tracks);
    if (mediaTimeMs % 3_600_000 === 0) await log.settled();
  }
  recorder.flush();
  await log.settled();
  const place = join(folder, 'cam-1');
  const sizes = await Promise.all((await readdir(place)).map((name) => stat(join(place, name))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(
    `${sightings} sightings of ${trackId} people: ${(bytes / 1e6).toFixed(1)} MB, ${(bytes / sightings).toFixed(1)} bytes each\n`,
  );

  let startedAt = performance.now();
  const runs = await log.read('cam-1', nowMs);
  process.stdout.write(`read: ${Math.round(performance.now() - startedAt)} ms\n`);
  for (const rule of rules) {
    startedAt = performance.now();
    const cpu = process.cpuUsage();
    const { firings, perHour } = replayRule(runs, rulesOf(rule));
    const tookMs = Math.round(performance.now() - startedAt);
    const cpuMs = Math.round(process.cpuUsage(cpu).user / 1000);
    process.stdout.write(
      `${rule.kind}: ${firings.length} firings in ${perHour.length} hours, ${tookMs} ms, of a core ${cpuMs} ms\n`,
    );
  }

  const cameraIds = ['cam-1'];
  const parts = { edgeId: 'bench', folder, cameraIds, logger: pino({ level: 'silent' }) };
  const ask = (rule: OneRule): Promise<RuleReplayed> =>
    new Promise((resolve) => {
      const desk = createReplayDesk({ ...parts, answer: resolve, now: () => nowMs });
      const requestId = '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f601';
      desk.take({ kind: 'replay-rule', requestId, cameraId: 'cam-1', rule });
    });
  for (const rule of rules) {
    startedAt = performance.now();
    const { outcome } = await ask(rule);
    const tookMs = Math.round(performance.now() - startedAt);
    const count = outcome.kind === 'replayed' ? outcome.replay.count : outcome.kind;
    const bytes = JSON.stringify(outcome).length;
    process.stdout.write(
      `asked of a box, ${rule.kind}: ${count} firings, ${tookMs} ms, answer ${bytes} bytes\n`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
