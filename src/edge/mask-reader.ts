/** What nobody may see of each camera of the box, as it stands now. */
import type { EdgeConfig } from './edge-config.ts';
import { type MaskOutline, masksOf } from './privacy/privacy-mask.ts';
import type { RuleBook } from './rule-book.ts';

/** What is hidden of a camera now, by the box's configuration and by the rules that run. */
export function maskReader(cameras: EdgeConfig['cameras'], ruleBook: RuleBook) {
  const cameraOf = new Map(cameras.map((camera) => [camera.cameraId, camera]));
  return (cameraId: string): readonly MaskOutline[] =>
    masksOf(cameraOf.get(cameraId) ?? {}, ruleBook.current(cameraId).rules);
}
