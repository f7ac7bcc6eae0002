/** Where a centre keeps what it knows, by its configuration: for backup and restore. */
import { join } from 'node:path';
import type { CentrePlace } from './backup/backup.ts';
import type { CollectorConfig } from './collector-config.ts';

export function centrePlaceOf({
  dataFolder,
  database,
  recordingsFolder,
}: CollectorConfig): CentrePlace {
  const file = join(dataFolder, 'collector.sqlite');
  return {
    dataFolder,
    database: database ?? { kind: 'sqlite', file },
    ...(recordingsFolder === undefined ? {} : { recordingsFolder }),
  };
}
