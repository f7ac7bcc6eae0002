/**
 * Brings saved rules to the edges: at once when they are saved, again whenever an edge reports an older version than the
 * centre has. An edge that is away finds the newest retained at the broker.
 */
import type { Logger } from 'pino';
import type { EdgeHealth } from '../contract/edge-report.ts';
import { type Announcement, allRules, type VersionedRules } from '../contract/rule.ts';
import type { Store } from './store/store.ts';

export type RulesDesk = Readonly<{
  /** To the edge that has the camera, if one has reported it. */
  publish: (rules: VersionedRules) => Promise<void>;
  /** Sends what the edge does not run yet and has not refused. */
  compare: (health: EdgeHealth) => Promise<void>;
  /** Everything that any rule may have to say, for preparing it. */
  announcements: () => Promise<readonly Announcement[]>;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'camera' | 'rules' | 'allRules'>;
  publishTo: (edgeId: string, rules: VersionedRules) => void;
  logger: Logger;
}>;

export function createRulesDesk({ store, publishTo, logger }: Parts): RulesDesk {
  return {
    publish: async (rules) => {
      const camera = await store.camera(rules.cameraId);
      if (camera !== undefined) publishTo(camera.edgeId, rules);
      else logger.info({ cameraId: rules.cameraId }, 'rules wait until an edge reports the camera');
    },
    compare: async ({ edgeId, cameras }) => {
      for (const { cameraId, rules: running } of cameras) {
        const saved = await store.rules(cameraId);
        const isKnown = running.appliedVersion >= saved.rulesVersion;
        if (!isKnown && running.refused?.version !== saved.rulesVersion) publishTo(edgeId, saved);
      }
    },
    announcements: async () => (await store.allRules()).flatMap(announcementsOf),
  };
}

export function announcementsOf({ rules }: VersionedRules): readonly Announcement[] {
  return allRules(rules).flatMap(({ response }) => response?.announcement ?? []);
}
