/**
 * Whether a camera's rules still fit its picture. They are drawn on a picture and kept in shares of it, so they lie right
 * on any size of the same shape; on another shape they would shift silently, so they are suspended until they are drawn
 * again or the old picture is back. Pure.
 */
import type { PictureSize, RunningRules } from './worker-messages.ts';

export type RuleFit = Readonly<{
  /** Told of each picture and the version of the rules that run; true when the judgement changed. */
  picture: (size: PictureSize, rulesVersion: number) => boolean;
  isSuspended: () => boolean;
  /** For the technician; undefined while the picture is the one the rules came for. */
  sentence: () => string | undefined;
}>;

/** 1 %: encoders round to whole blocks, as 1920x1088 for 1920x1080. */
const sameShape = 0.01;

/** `known`: the rules that an earlier worker ran, and on what; `onDrawn` is told of what it has to know. */
export function createRuleFit(
  cameraId: string,
  known?: Pick<RunningRules, 'version' | 'drawnOn'>,
  onDrawn: (size: PictureSize, rulesVersion: number) => void = () => undefined,
): RuleFit {
  let drawnOn = known?.drawnOn;
  let version = drawnOn === undefined ? undefined : known?.version;
  let now: PictureSize | undefined;
  let judged: string | undefined;
  let suspended = false;

  const judge = (drawn: PictureSize, size: PictureSize): void => {
    suspended = Math.abs(aspectOf(size) / aspectOf(drawn) - 1) > sameShape;
    const changed = `camera ${cameraId}: its picture changed from ${textOf(drawn)} to ${textOf(size)}`;
    if (textOf(drawn) === textOf(size)) judged = undefined;
    else if (suspended) {
      judged = `${changed}, which has another shape; its rules are suspended; draw them again or set the camera back`;
    } else
      judged = `${changed} of the same shape; its rules are laid over it as they are; check them`;
  };

  return {
    picture: (size, rulesVersion) => {
      if (version !== rulesVersion) {
        drawnOn = size;
        onDrawn(size, rulesVersion);
      } else if (now !== undefined && textOf(now) === textOf(size)) return false;
      version = rulesVersion;
      now = size;
      const [before, wasSuspended] = [judged, suspended];
      judge(drawnOn ?? size, size);
      return before !== judged || wasSuspended !== suspended;
    },
    isSuspended: () => suspended,
    sentence: () => judged,
  };
}

function aspectOf({ width, height }: PictureSize): number {
  return width / height;
}

function textOf({ width, height }: PictureSize): string {
  return `${width}x${height}`;
}
