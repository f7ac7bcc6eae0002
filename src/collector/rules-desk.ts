/**
 * Brings saved rules to the edges: at once when they are saved, again whenever an edge reports an older version than the
 * centre has. An edge that is away finds the newest retained at the broker.
 */
import type { Logger } from 'pino';
import type { EdgeHealth } from '../contract/edge-report.ts';
import { type AnyRule, allRules, type VersionedRules } from '../contract/rule.ts';
import type { Announcement, RuleAnnouncement } from '../contract/rule-response.ts';
import { canBePrepared, wordingOf } from './alarms/wording.ts';
import type { Store } from './store/store.ts';

export type RulesDesk = Readonly<{
  /** To the edge that has the camera, if one has reported it. */
  publish: (rules: VersionedRules) => Promise<void>;
  /** Sends what the edge does not run yet and has not refused. */
  compare: (health: EdgeHealth) => Promise<void>;
  /** Everything that any rule, or those given, may have to say, for preparing it. */
  announcements: (rules?: VersionedRules) => Promise<readonly Announcement[]>;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'camera' | 'rules' | 'rulesVersions' | 'allRules' | 'voiceTemplates'>;
  publishTo: (edgeId: string, rules: VersionedRules) => void;
  logger: Logger;
}>;

export function createRulesDesk({ store, publishTo, logger }: Parts): RulesDesk {
  const publishWordless = (edgeId: string, rules: VersionedRules): void =>
    publishTo(edgeId, withoutWords(rules));
  return {
    publish: async (rules) => {
      const camera = await store.camera(rules.cameraId);
      if (camera !== undefined) publishWordless(camera.edgeId, rules);
      else logger.info({ cameraId: rules.cameraId }, 'rules wait until an edge reports the camera');
    },
    compare: async ({ edgeId, cameras }) => {
      const versions = await store.rulesVersions(cameras.map(({ cameraId }) => cameraId));
      for (const { cameraId, rules: running } of cameras) {
        const newest = versions.get(cameraId) ?? 0;
        if (running.appliedVersion >= newest || running.refused?.version === newest) continue;
        // It may name a camera that belongs to another box.
        if ((await store.camera(cameraId))?.edgeId !== edgeId) continue;
        publishWordless(edgeId, await store.rules(cameraId));
      }
    },
    announcements: async (rules) => {
      const templates = await store.voiceTemplates();
      const saved = rules === undefined ? await store.allRules() : [rules];
      const prepared = await Promise.all(
        saved.map(async (one) => {
          const camera = await store.camera(one.cameraId);
          const facts = { templates, place: camera ?? {}, atMs: 0 };
          return announcementsOf(one)
            .filter((wanted) => canBePrepared(wanted, templates))
            .flatMap((wanted) => wordingOf(wanted, facts) ?? []);
        }),
      );
      return prepared.flat();
    },
  };
}

/** What the rules name as having to be said, as they name it. */
function announcementsOf({ rules }: VersionedRules): readonly RuleAnnouncement[] {
  return allRules(rules).flatMap(({ response }) =>
    [response?.announcement, response?.voice?.again, response?.voice?.third].filter(
      (wanted) => wanted !== undefined,
    ),
  );
}

/** An edge has nothing to say, and an older one refuses words that it does not know. */
function withoutWords(saved: VersionedRules): VersionedRules {
  const silent = <Rule extends AnyRule>({ response: _, ...rule }: Rule) => rule;
  const { tripwires, zones, watchPoints, ...rules } = saved.rules;
  return {
    ...saved,
    rules: {
      ...rules,
      ...(tripwires === undefined ? {} : { tripwires: tripwires.map(silent) }),
      ...(zones === undefined ? {} : { zones: zones.map(silent) }),
      ...(watchPoints === undefined ? {} : { watchPoints: watchPoints.map(silent) }),
    },
  };
}
