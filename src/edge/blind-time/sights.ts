/** Which of a camera's rules could fire now, and why the others could not. Pure. */
import type { BlindReason } from '../../contract/blind-time.ts';
import type { CameraHealth } from '../../contract/edge-report.ts';
import { type AnyRule, allRules, type CameraRules } from '../../contract/rule.ts';
import type { Point } from '../../contract/shape.ts';
import { createZoneContains } from '../geometry/polygon.ts';
import type { Sight } from './blind-ledger.ts';

/** The camera may give pictures; when its worker has been done with none for so long, nothing fires. */
const oldestFrameMs = 10_000;

type Camera = Readonly<{
  health: Pick<CameraHealth, 'cameraId' | 'state' | 'degradedRules' | 'frameAgeMs'>;
  rules: CameraRules;
  masks: readonly (readonly Point[])[];
  /** What is wrong with the picture itself. */
  picture: 'tampered' | 'suspended' | undefined;
}>;

/** The camera itself, and each of its rules; of several reasons the one that weighs most. */
export function sightsOf({ health, rules, masks, picture }: Camera): readonly Sight[] {
  const { cameraId, state, degradedRules = [], frameAgeMs = 0 } = health;
  const isSilent = frameAgeMs > oldestFrameMs;
  const ofCamera = reasonOf(state) ?? (isSilent ? 'stalled' : picture);
  const areMasked = masks.map(createZoneContains);
  const ofRule = (rule: AnyRule): BlindReason | undefined => {
    if (ofCamera !== undefined) return ofCamera;
    if (isHidden(rule, areMasked)) return 'masked';
    return degradedRules.some(({ ruleId }) => ruleId === rule.ruleId) ? 'rate' : undefined;
  };
  return [
    { cameraId, reason: ofCamera },
    ...allRules(rules).map((rule) => ({ cameraId, ruleId: rule.ruleId, reason: ofRule(rule) })),
  ];
}

function reasonOf(state: CameraHealth['state']): BlindReason | undefined {
  switch (state) {
    case 'live':
    case 'degraded':
      return undefined;
    case 'connecting':
      return 'starting';
    case 'stalled':
      return 'stalled';
    case 'auth-failed':
    case 'offline':
      return 'offline';
    default:
      return state satisfies never;
  }
}

type IsMasked = (x: number, y: number) => boolean;
const placesOfSide = 9;

/** Half of the shape or more lies behind masks. */
function isHidden(rule: AnyRule, areMasked: readonly IsMasked[]): boolean {
  if (areMasked.length === 0) return false;
  const places = placesOf(rule);
  const hidden = places.filter(([x, y]) => areMasked.some((isMasked) => isMasked(x, y)));
  return hidden.length >= places.length / 2;
}

/** Spread evenly over each side of the shape; of a watch point its centre. */
function placesOf(rule: AnyRule): readonly Point[] {
  if ('centre' in rule) return [rule.centre];
  const points: readonly Point[] = rule.points;
  const isArea = !('direction' in rule || 'secondWire' in rule) && points.length > 2;
  const starts = isArea ? points : points.slice(0, -1);
  return starts.flatMap(([ax, ay], at) => {
    const [bx, by] = points[(at + 1) % points.length] ?? [ax, ay];
    return Array.from({ length: placesOfSide }, (_, place): Point => {
      const share = (place + 0.5) / placesOfSide;
      return [ax + (bx - ax) * share, ay + (by - ay) * share];
    });
  });
}
