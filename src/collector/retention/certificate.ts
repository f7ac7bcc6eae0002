/** What a run of the deletion has removed, in a form that can be checked later: counts, range, rule and a hash of the ids. */
import { createHash } from 'node:crypto';
import type { DeletionCertificate } from '../../contract/deletion-certificate.ts';
import type { DeletedItem } from '../store/retention.ts';
import { keptDays, type RetentionRules, recordingClasses } from './retention-rules.ts';

export function certificateOf(
  items: readonly DeletedItem[],
  rules: RetentionRules,
): DeletionCertificate {
  const counts: Record<string, number> = {};
  const cameras: Record<string, Record<string, number>> = {};
  let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, 0];
  for (const { dataClass, cameraId, storedAtMs } of items) {
    counts[dataClass] = (counts[dataClass] ?? 0) + 1;
    if (cameraId !== undefined) {
      const own = Object.hasOwn(cameras, cameraId) ? cameras[cameraId] : undefined;
      cameras[cameraId] = { ...own, [dataClass]: (own?.[dataClass] ?? 0) + 1 };
    }
    oldestMs = Math.min(oldestMs, storedAtMs);
    newestMs = Math.max(newestMs, storedAtMs);
  }
  const forSpace = items.filter(({ why }) => why === 'space').length;
  return {
    items: items.length,
    counts,
    cameras,
    oldestMs,
    newestMs,
    rule: { profile: rules.profile, days: rules.days, cameras: differing(rules, cameras) },
    ...(forSpace === 0 ? {} : { forSpace }),
    sha256: idsHash(items),
  };
}

/** SHA-256 of the lines `class id`, sorted by code units, each ended by a line feed. */
function idsHash(items: readonly Pick<DeletedItem, 'dataClass' | 'id'>[]): string {
  const hash = createHash('sha256');
  for (const line of items.map(({ dataClass, id }) => `${dataClass} ${id}\n`).sort())
    hash.update(line);
  return hash.digest('hex');
}

/** Of the cameras in question, those that have limits of their own. */
function differing(rules: RetentionRules, cameras: Readonly<Record<string, unknown>>) {
  const own = Object.keys(cameras).filter((cameraId) => rules.cameras.has(cameraId));
  return Object.fromEntries(
    own.map((cameraId) => [
      cameraId,
      Object.fromEntries(
        recordingClasses.map((dataClass) => [dataClass, keptDays(rules, { dataClass, cameraId })]),
      ),
    ]),
  );
}
