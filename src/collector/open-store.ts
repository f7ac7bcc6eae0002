/** Opens the store together with what watches it: the figures, their port if there is to be one, and who else is told. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CollectorConfig } from './collector-config.ts';
import type { Condition } from './condition.ts';
import type { EdgeLink } from './edge-link.ts';
import { createCentreFigures } from './operation/centre-figures.ts';
import { createOperation } from './operation/operation.ts';
import { withZoneMembers } from './speakers/speaker-config.ts';
import type { Speakers } from './speakers/speakers.ts';
import { createStore } from './store/create-store.ts';
import { damageSetting } from './store/damage.ts';
import { createTellOthers, queueTargets } from './tell-others.ts';

/** Rejects with one sentence when the database cannot be used. */
export async function openStore(
  config: CollectorConfig,
  logger: Logger,
  /** Asked later, when they are there. */
  parts: () => Readonly<{
    link: Pick<EdgeLink, 'connected' | 'certificateEndsAtMs' | 'publish'>;
    speakers: Pick<Speakers, 'views'>;
    condition: Condition;
  }>,
) {
  const { cameras, metrics } = config;
  const file = join(config.dataFolder, 'collector.sqlite');
  const database = config.database ?? ({ kind: 'sqlite', file } as const);
  const now = Date.now;
  const settings = { database, places: cameras, zones: zonesOf(config), ...queueTargets(config) };
  const opened = await createStore(settings, now);
  const damage = await opened.setting(damageSetting);
  // Said at every start until somebody has looked after it and removed the setting.
  if (damage !== undefined)
    logger.error(
      { damage: JSON.parse(damage) as unknown },
      'the database was damaged and replaced',
    );
  const figures = createCentreFigures({
    store: opened,
    brokerConnected: () => parts().link.connected(),
    certificateEndsAtMs: () => parts().link.certificateEndsAtMs(),
    speakers: () => parts().speakers.views(),
    condition: () => parts().condition,
    now,
  });
  const operation = metrics === undefined ? undefined : createOperation(metrics, figures, logger);
  const store = figures.counting(opened);
  const others = createTellOthers(config, {
    store,
    publish: (message) => parts().link.publish(message),
    onOutcome: figures.countWebhook,
    logger,
    now,
  });
  return {
    store,
    announce: others.announce,
    /** Answers with the address of the figures. */
    watch: async () => {
      const address = await operation?.start();
      others.start();
      return address;
    },
    close: async () => {
      await operation?.stop();
      await others.stop();
      figures.close();
      await store.close();
    },
  };
}

function zonesOf({ speakers, cameras }: CollectorConfig) {
  return withZoneMembers(speakers, cameras).flatMap((one) =>
    one.driver === 'zone' ? [{ speakerId: one.speakerId, speakerIds: one.speakerIds ?? [] }] : [],
  );
}
