/** Counts each second which cameras and rules of the box are blind, and tells the centre now and then. */
import type { BlindTime } from './blind-time/blind-time.ts';
import { sightsOf } from './blind-time/sights.ts';
import type { CameraStates } from './camera-states.ts';
import type { EdgeConfig } from './edge-config.ts';
import { maskReader } from './mask-reader.ts';
import type { RuleBook } from './rule-book.ts';
import type { Uplink } from './uplink/uplink.ts';

const tellBlindEveryMs = 60_000;

/** To be called each second; tells the centre each minute. */
export function blindCounter(
  { edgeId, cameras }: EdgeConfig,
  {
    blindTime,
    states,
    ruleBook,
    uplink,
  }: Readonly<{
    blindTime: BlindTime;
    states: CameraStates;
    ruleBook: RuleBook;
    uplink: Pick<Uplink, 'publishBlindTime' | 'connected'>;
  }>,
) {
  const masksOfCamera = maskReader(cameras, ruleBook);
  let toldMs = 0;
  return (): void => {
    const nowMs = Date.now();
    const sights = states.health(ruleBook.report).flatMap((health) => {
      const { cameraId } = health;
      const { rules } = ruleBook.current(cameraId);
      const picture = states.pictureFault(cameraId);
      return sightsOf({ health, rules, masks: masksOfCamera(cameraId), picture });
    });
    blindTime.tick(nowMs, sights, performance.now());
    if (Math.abs(nowMs - toldMs) < tellBlindEveryMs || !uplink.connected()) return;
    const entries = [...blindTime.news(nowMs)];
    if (entries.length === 0) return;
    toldMs = nowMs;
    uplink.publishBlindTime({ edgeId, entries });
  };
}
