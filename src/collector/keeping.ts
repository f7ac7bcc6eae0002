/** The clips, how long they and everything else are kept, and what leaves the centre of it. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createClips } from './clips/clips.ts';
import type { CollectorConfig } from './collector-config.ts';
import { evidenceOf } from './evidence-of.ts';
import { createRetention } from './retention/retention.ts';
import { toRetentionRules } from './retention/retention-rules.ts';
import type { Store } from './store/store.ts';

export function keepingOf(config: CollectorConfig, store: Store, logger: Logger) {
  const { dataFolder, clips: bounds = {}, retention: rules = toRetentionRules() } = config;
  const folder = join(dataFolder, 'clips');
  const clips = createClips({ folder, store, bounds, logger, now: Date.now });
  const readClocks = () => ({ wallMs: Date.now(), steadyMs: performance.now() });
  const { removeFiles } = clips;
  const retention = createRetention({ store, rules, removeFiles, logger, readClocks });
  return {
    clips,
    retention,
    exports: evidenceOf(config, { store, fileOfClip: clips.fileOf }, logger),
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
