/** What leaves the centre, signed: by one key for all collectors of a database when there is a key to seal it with. */
import type { Logger } from 'pino';
import type { CollectorConfig } from './collector-config.ts';
import { createEvidence, type Evidence } from './evidence/evidence.ts';
import type { Store } from './store/store.ts';

export function evidenceOf(
  { dataFolder, sealKey, broker }: CollectorConfig,
  { store, fileOfClip }: Readonly<{ store: Store; fileOfClip: (clipId: string) => string }>,
  logger: Logger,
): Evidence {
  const parts = { dataFolder, store, fileOfClip, now: Date.now };
  if (sealKey !== undefined) return createEvidence({ ...parts, sealKey });
  if (broker.shared === true)
    logger.warn('each collector signs exports with a key of its own; give all the same seal key');
  return createEvidence(parts);
}
