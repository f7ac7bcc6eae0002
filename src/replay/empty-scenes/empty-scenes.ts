/**
 * Scenes in which nothing happens, replayed under rules all over the picture: nothing may be raised and nobody followed.
 * A swaying tree (a clip of Debian's package opencv-doc), and a clip's own background in changing light.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from '../../edge/camera/frame.ts';
import type { Detection } from '../../edge/detector/detection.ts';
import { analyseClip } from '../analyse-clip.ts';
import { openAnalytics } from '../open-analytics.ts';
import { createProgress } from '../progress.ts';
import type { Trail } from '../recording.ts';
import { backgroundOf } from './background.ts';
import { recordEmptyLane } from './empty-lane.ts';
import { watchEverywhere } from './watch-everywhere.ts';

type Look = Readonly<{ model?: string; analysisFps: number; say: (line: string) => void }>;

/** `surest` is the most confident detection of all frames, whether it was followed or not. */
export type EmptyScene = Readonly<{
  scene: string;
  analysisFps: number;
  analysedFrames: number;
  events: number;
  firedRules: readonly string[];
  tracks: readonly Trail[];
  surest: Detection | undefined;
}>;

const tree = '/usr/share/doc/opencv-doc/examples/data/tree.avi';

/** Undefined where the package is not installed. */
export async function replaySwayingTree(look: Look): Promise<EmptyScene | undefined> {
  return existsSync(tree) ? replayEmpty('swaying tree', tree, look) : undefined;
}

/** Rejects with ClipError when the clip cannot be read. */
export async function replayEmptyLane(
  clip: string,
  seconds: number,
  look: Look,
): Promise<EmptyScene> {
  const folder = await mkdtemp(join(tmpdir(), 'empty-lane-'));
  try {
    look.say(`making ${seconds} s of an empty lane`);
    const framesPerSecond = look.analysisFps;
    const still = await backgroundOf(clip);
    const file = await recordEmptyLane(still, { folder, seconds, framesPerSecond });
    return await replayEmpty(`empty lane, ${seconds} s`, file, look);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function replayEmpty(scene: string, clip: string, look: Look): Promise<EmptyScene> {
  const { analysisFps, say } = look;
  say(`${scene} at ${analysisFps} frames a second`);
  const rules = watchEverywhere();
  const analytics = await openAnalytics({ ...look, clip, rules });
  let surest: Detection | undefined;
  const detect = async (frame: Frame): Promise<readonly Detection[]> => {
    const detections = await analytics.detect(frame);
    for (const one of detections) if (one.confidence > (surest?.confidence ?? 0)) surest = one;
    return detections;
  };
  try {
    const progress = createProgress(say);
    const { recording, analysedFrames } = await analyseClip({
      ...{ ...analytics, detect, rules, progress },
    });
    const events = recording.events();
    return {
      ...{ scene, analysisFps, analysedFrames, events: events.length, surest },
      firedRules: [...new Set(events.map(({ ruleId }) => ruleId))],
      tracks: recording.trails(),
    };
  } finally {
    await analytics.close();
  }
}
