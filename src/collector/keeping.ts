/** The clips, and how long they and everything else are kept. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createClips } from './clips/clips.ts';
import type { CollectorConfig } from './collector-config.ts';
import { createRetention } from './retention/retention.ts';
import { toRetentionRules } from './retention/retention-rules.ts';
import type { Store } from './store/store.ts';

export function keepingOf(
  { dataFolder, clips: bounds = {}, retention: rules = toRetentionRules() }: CollectorConfig,
  store: Store,
  logger: Logger,
) {
  const folder = join(dataFolder, 'clips');
  const clips = createClips({ folder, store, bounds, logger, now: Date.now });
  const readClocks = () => ({ wallMs: Date.now(), steadyMs: performance.now() });
  const { removeFiles } = clips;
  const retention = createRetention({ store, rules, removeFiles, logger, readClocks });
  return {
    clips,
    retention,
    start: async (): Promise<void> => {
      clips.start();
      await retention.start();
    },
    stop: async (): Promise<void> => {
      await retention.stop();
      await clips.stop();
    },
  };
}
