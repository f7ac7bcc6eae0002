/**
 * What people looked like as they passed a watch point: a small JPEG of each pass, kept until the rule's window is over, for
 * the event that may come with a later pass. Bounded by count too; the oldest go first.
 */
import sharp from 'sharp';
import type { Pass, SceneEvent } from '../contract/rule-event.ts';
import type { Box } from '../contract/shape.ts';
import type { Frame } from './camera/frame.ts';
import type { BegunPass, Observation } from './scene/scene.ts';

/** One pass of an event; no picture when it was forgotten, as after a restart of the camera's worker. */
export type PassPicture = Readonly<{ startedAtMs: number; jpeg: Uint8Array | undefined }>;

export type PassPictures = Readonly<{
  /** Cuts those whose passes began in this frame out of it. Throws when sharp cannot encode the picture. */
  keep: (frame: Frame, observation: Pick<Observation, 'begunPasses' | 'tracks'>) => Promise<void>;
  /** In the order of the event's passes; none for an event without passes. */
  of: (event: SceneEvent) => readonly PassPicture[];
  /** Pictures that were taken before something was hidden would show it; those being cut out just now too. */
  forgetAll: () => void;
  remembered: () => number;
}>;

type Settings = Readonly<{
  /** How long passes of the rule count. */
  windowMsOf: (ruleId: string) => number;
}>;

type Kept = Readonly<{ jpeg: Uint8Array; untilMs: number }>;

/** Some six kilobytes each; a busy corner has a hundred within ten minutes. */
const mostPictures = 300;
const tallest = 160;
const quality = 80;
/** Cut with so much of the surroundings, in box heights. */
const margin = 0.1;
/** A smaller piece of a frame shows nobody. */
const leastPixels = 8;

export function createPassPictures({ windowMsOf }: Settings): PassPictures {
  const kept = new Map<string, Kept>();
  let forgotten = 0;
  const forgetOld = (nowMs: number): void => {
    for (const [key, { untilMs }] of kept)
      if (untilMs < nowMs || kept.size > mostPictures) kept.delete(key);
  };
  return {
    keep: async (frame, { begunPasses, tracks }) => {
      const before = forgotten;
      for (const pass of begunPasses) {
        const jpeg = await cut(frame, boxNow(pass, tracks));
        if (forgotten !== before) return;
        if (jpeg === undefined) continue;
        const untilMs = frame.capturedAtMs + windowMsOf(pass.ruleId);
        kept.set(keyOf(pass.ruleId, pass), { jpeg, untilMs });
      }
      if (begunPasses.length > 0) forgetOld(frame.capturedAtMs);
    },
    of: (event) =>
      event.kind === 'pass-loitering'
        ? event.passes.map((pass) => ({
            startedAtMs: pass.startedAtMs,
            jpeg: kept.get(keyOf(event.ruleId, pass))?.jpeg,
          }))
        : [],
    forgetAll: () => {
      forgotten += 1;
      kept.clear();
    },
    remembered: () => kept.size,
  };
}

/** The track's number may change until the event comes, when and where the pass began does not. */
function keyOf(ruleId: string, { startedAtMs, box }: Pick<Pass, 'startedAtMs' | 'box'>): string {
  return JSON.stringify([ruleId, startedAtMs, box]);
}

/** A pass may have begun before its track was believed; where the person is in this frame, the track says. */
function boxNow(pass: BegunPass, tracks: Observation['tracks']): Box | undefined {
  const track = tracks.find(
    ({ trackId, state }) => trackId === pass.trackId && state === 'confirmed',
  );
  return track?.box ?? pass.box;
}

async function cut(frame: Frame, box: Box | undefined): Promise<Uint8Array | undefined> {
  if (box === undefined) return undefined;
  const { width, height, pixels } = frame;
  const around = margin * (box.bottom - box.top) * height;
  const left = Math.max(0, Math.floor(box.left * width - around));
  const top = Math.max(0, Math.floor(box.top * height - around));
  const right = Math.min(width, Math.ceil(box.right * width + around));
  const bottom = Math.min(height, Math.ceil(box.bottom * height + around));
  if (right - left < leastPixels || bottom - top < leastPixels) return undefined;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize({ width: tallest, height: tallest, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality })
    .toBuffer();
}
