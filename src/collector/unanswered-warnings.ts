/**
 * The edge that was asked whether a person left always answers, unless it restarts or is cut off meanwhile. Then the alarm
 * says so, instead of saying nothing for ever; an answer that comes after all takes its place.
 */
import type { Logger } from 'pino';
import type { NoAnswer } from '../contract/console-api.ts';
import { withoutAnswer } from './alarms/warning.ts';
import type { Store } from './store/store.ts';

type Parts = Readonly<{
  store: Pick<Store, 'unansweredWarnings' | 'changeAlarm' | 'edges'>;
  logger: Logger;
  now: () => number;
}>;

const lookEveryMs = 10_000;
/** The watch of half a minute, the edge's patience with its camera, and the way. */
const patienceMs = 60_000;
/** What a collector that was away finds later than this is history. */
const lookBackMs = 3_600_000;

export function createUnansweredWatch({ store, logger, now }: Parts) {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const nowMs = now();
    const warnings = await store.unansweredWarnings(nowMs - lookBackMs, nowMs - patienceMs);
    if (warnings.length === 0) return;
    const edges = new Map((await store.edges()).map((edge) => [edge.edgeId, edge]));
    for (const alarm of warnings) {
      const edge = edges.get(alarm.event.edgeId);
      // Both times are of the box's own clock; it was asked after the event, as the announcement began.
      const because: NoAnswer =
        edge?.online !== true
          ? 'box-offline'
          : edge.sinceMs > alarm.event.capturedAtMs
            ? 'box-restarted'
            : 'box-silent';
      await store.changeAlarm(alarm.alarmId, (now) => withoutAnswer(now, because), nowMs);
    }
  };
  const safely = (): Promise<void> =>
    look().catch((error: unknown) =>
      logger.error({ reason: String(error) }, 'unanswered warnings could not be looked for'),
    );

  return {
    look,
    start: (): void => {
      timer ??= setInterval(() => {
        looking = looking.then(safely);
      }, lookEveryMs);
    },
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await looking;
    },
  };
}
