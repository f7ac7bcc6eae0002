/** As an alarm's own announcement begins, its edge is asked whether the person goes away. */
import type { Logger } from 'pino';
import type { WatchLeaving } from '../contract/edge-report.ts';
import type { AnnouncementOrder } from './alarms/alarm.ts';
import { watchFor } from './alarms/warning.ts';
import type { Store } from './store/store.ts';

type Parts = Readonly<{
  store: Pick<Store, 'alarm'>;
  sendCommand: (edgeId: string, command: WatchLeaving) => void;
  logger: Logger;
}>;

/** Never rejects, and nothing waits for it: a question that cannot be asked leaves an alarm without an answer. */
export function createWarningWatch({ store, sendCommand, logger }: Parts) {
  return async ({ alarmId }: Pick<AnnouncementOrder, 'alarmId'>): Promise<void> => {
    try {
      const alarm = await store.alarm(alarmId);
      const command = alarm === undefined ? undefined : watchFor(alarm);
      if (alarm !== undefined && command !== undefined) sendCommand(alarm.edgeId, command);
    } catch (error) {
      logger.error({ alarmId, reason: String(error) }, 'the edge could not be asked who leaves');
    }
  };
}
