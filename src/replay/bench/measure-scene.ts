/** Drives a scene with invented people and takes the time that it takes; making the people is not counted. */
import type { CameraRules } from '../../contract/rule.ts';
import type { Scene } from '../../edge/scene/scene.ts';
import { doReferenceWork } from './reference-load.ts';
import type { Walkers } from './walkers.ts';

/**
 * `msPerFrame` is processor time of the whole process, garbage collection and compiling in other threads included: on a
 * machine that does other things beside, the clock on the wall would measure those.
 */
export type Cost = Readonly<{
  msPerFrame: number;
  wallMsPerFrame: number;
  tracksPerFrame: number;
  tracks: number;
  persons: number;
  events: number;
}>;

export type Course = Readonly<{ fromMs: number; frames: number; framesPerSecond: number }>;

/** Three wires, two zones, two watch points: what one camera of a lane may have. */
export const benchRules: CameraRules = {
  schemaVersion: 1,
  tripwires: [0.25, 0.5, 0.75].map((x, at) => ({
    ruleId: `wire-${at}`,
    points: [
      [x, 0.2],
      [x, 1],
    ],
  })),
  zones: [0.05, 0.55].map((left, at) => ({
    ruleId: `zone-${at}`,
    dwellSeconds: 20,
    points: [
      [left, 0.4],
      [left + 0.4, 0.4],
      [left + 0.4, 0.9],
      [left, 0.9],
    ],
  })),
  watchPoints: [0.35, 0.65].map((x, at) => ({
    ruleId: `point-${at}`,
    centre: [x, 0.6],
    radiusOfHeight: 0.1,
  })),
};

/** People are made for a batch of frames ahead, so that the clock runs over the scene alone. */
const batch = 50;

export function measureScene(scene: Scene, walkers: Walkers, course: Course): Cost {
  const { fromMs, frames, framesPerSecond } = course;
  const spent = { wallMs: 0, cpuMs: 0 };
  const tracks = new Map<number, number>();
  let [seen, events] = [0, 0];
  for (let done = 0; done < frames; done += batch) {
    const sightings = Array.from({ length: Math.min(batch, frames - done) }, (_, index) => {
      const mediaTimeMs = fromMs + ((done + index) * 1000) / framesPerSecond;
      const capturedAtMs = Math.round(mediaTimeMs);
      return { detections: walkers.detectionsAt(mediaTimeMs), mediaTimeMs, capturedAtMs };
    });
    const { result, wallMs, cpuMs } = take(() => sightings.map(scene.observe));
    spent.wallMs += wallMs;
    spent.cpuMs += cpuMs;
    for (const observation of result) {
      events += observation.events.length;
      seen += observation.tracks.length;
      for (const { trackId, personId } of observation.tracks) tracks.set(trackId, personId);
    }
  }
  return {
    ...{ msPerFrame: spent.cpuMs / frames, wallMsPerFrame: spent.wallMs / frames, events },
    ...{ tracksPerFrame: seen / frames, tracks: tracks.size },
    persons: new Set(tracks.values()).size,
  };
}

const referenceRepeats = 2000;

/** Milliseconds of processor time for one piece of reference work. */
export function measureReference(): number {
  const { result, cpuMs } = take(() => {
    let kept = 0;
    for (let at = 0; at < referenceRepeats; at += 1) kept += doReferenceWork();
    return kept;
  });
  if (!Number.isFinite(result)) throw new Error('the reference work gave no number');
  return cpuMs / referenceRepeats;
}

function take<Result>(
  work: () => Result,
): Readonly<{ result: Result; wallMs: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const result = work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs, cpuMs: (user + system) / 1000 };
}
