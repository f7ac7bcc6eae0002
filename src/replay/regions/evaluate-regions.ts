/**
 * What close looks find of people far away, and what they cost: the large clip goes through the same lookout, detector and
 * scene as a live camera's frames, once without regions and once for each way of looking closely.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readClip } from '../../edge/camera/clip-reader.ts';
import type { LookAreas } from '../../edge/detector/detector.ts';
import { createLocalDetector } from '../../edge/detector/local-detector.ts';
import { closelyFor, largestWidthFor } from '../../edge/look-closely.ts';
import { createLookout } from '../../edge/lookout.ts';
import type { RegionSettings } from '../../edge/region-planner.ts';
import { createScene } from '../../edge/scene/scene.ts';
import { cpuSecondsSoFar } from '../cpu-time.ts';
import type { Truth } from '../evaluation/truth.ts';
import { countFrame, type RecallCount } from './recall.ts';
import { laySmall, type SmallPeople } from './small-people.ts';

export type RegionScore = Readonly<{
  way: string;
  /** From the first picture on. */
  recall: number;
  /** Once the gate has learned the scene. */
  recallSettled: number;
  /** Crops while the gate learned. */
  learningCrops: number;
  precision: number;
  looks: number;
  cropsPerLook: number;
  /** Of this process, decoding left out. */
  cpuMsPerLook: number;
  /** What a crop costs on top of the whole picture; nothing where there are none. */
  cpuMsPerCrop?: number;
}>;

type Way = Readonly<{ way: string; largestWidth: number; closely?: Partial<RegionSettings> }>;

/** Without crops, what a camera of a box does unless it is told otherwise, and what else could be done. */
const ways: readonly Way[] = [
  { way: 'whole picture only', largestWidth: 1920 },
  { way: 'as a box does (auto)', largestWidth: largestWidthFor({}), closely: {} },
  { way: 'frames of 1280, crops at the own scale', largestWidth: 1280, closely: { zoom: 1 } },
  { way: 'frames of 1280, zoomed 1.5 times', largestWidth: 1280, closely: { zoom: 1.5 } },
  { way: 'frames of 1920, crops at the own scale', largestWidth: 1920, closely: { zoom: 1 } },
];

/** The gate learns the scene: nothing is planned from motion yet. */
const learningMs = 4000;
/** The median height of a person in the large picture. */
const personPixels = 30;

type Task = Readonly<{
  clip: string;
  truth: Truth;
  model: string;
  analysisFps: number;
  say: (line: string) => void;
}>;

/** Rejects with ClipError or ModelError. */
export async function* evaluateRegions(task: Task): AsyncGenerator<RegionScore, void, void> {
  const { clip, truth, say } = task;
  const folder = await mkdtemp(join(tmpdir(), 'haoguanjia-regions-'));
  try {
    const { rows } = truth;
    const small = await laySmall({ clip, width: 768, rows, personPixels, folder });
    let wholeMs = 0;
    for (const way of ways) {
      say(`people ${personPixels} pixels tall in 1920x1080, ${way.way}`);
      const found = await score(task, way, small);
      if (way.closely === undefined) wholeMs = found.cpuMsPerLook;
      const cpuMsPerCrop = (found.cpuMsPerLook - wholeMs) / found.cropsPerLook;
      yield found.cropsPerLook === 0 ? found : { ...found, cpuMsPerCrop };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function regionText({
  way,
  recall,
  recallSettled,
  precision,
  ...cost
}: RegionScore): string {
  const found = `recall ${recall.toFixed(3)} (${recallSettled.toFixed(3)} once the scene is known, after ${cost.learningCrops} crops), precision ${precision.toFixed(3)}`;
  const crops = `${cost.cropsPerLook.toFixed(1)} crops a look`;
  const more =
    cost.cpuMsPerCrop === undefined ? '' : `, ${cost.cpuMsPerCrop.toFixed(0)} more a crop`;
  return `${way}: ${found}, ${crops}, ${cost.cpuMsPerLook.toFixed(0)} ms of processor time a look${more}`;
}

async function score(
  { model: manifest, analysisFps }: Task,
  { way, largestWidth, closely }: Way,
  small: SmallPeople,
): Promise<RegionScore> {
  const detector = await createLocalDetector(manifest);
  const { input } = detector.model;
  const rules = { schemaVersion: 1 } as const;
  const aspectRatio = 16 / 9;
  const lookout = createLookout({
    ...{ rules, aspectRatio },
    closely:
      closely === undefined
        ? undefined
        : { input, leastWidth: 0, ...closelyFor({}, input), ...closely },
  });
  const scene = createScene({ rules, aspectRatio, identity: false });
  const count: RecallCount = { people: 0, found: 0, wrong: 0 };
  const all: RecallCount = { people: 0, found: 0, wrong: 0 };
  let learningCrops = 0;
  let [looks, crops, cpuSeconds] = [0, 0, 0];
  try {
    for await (const frame of readClip({ path: small.file, analysisFps, largestWidth })) {
      const before = cpuSecondsSoFar();
      if (!lookout.wantsLook(frame)) continue;
      const areas: LookAreas = lookout.areas(frame);
      const detections = await detector.detect(frame, areas);
      const { mediaTimeMs, capturedAtMs, frameNumber } = frame;
      const { tracks } = scene.observe({ detections, mediaTimeMs, capturedAtMs });
      lookout.looked(tracks, mediaTimeMs, detections);
      countFrame(all, small.boxesOf(frameNumber), detections);
      if (mediaTimeMs < learningMs) {
        learningCrops += areas.crops.length;
        continue;
      }
      cpuSeconds += cpuSecondsSoFar() - before;
      looks += 1;
      crops += areas.crops.length;
      countFrame(count, small.boxesOf(frameNumber), detections);
    }
  } finally {
    await detector.close();
  }
  return {
    way,
    recall: all.found / all.people,
    recallSettled: count.found / count.people,
    learningCrops,
    precision: count.found / Math.max(1, count.found + count.wrong),
    looks,
    cropsPerLook: crops / looks,
    cpuMsPerLook: (cpuSeconds * 1000) / looks,
  };
}
