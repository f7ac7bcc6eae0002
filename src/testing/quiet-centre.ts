/** Parts of a centre in which everything works and nobody is told: for tests that are about one end of it. */
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createEventFlow, type EventFlow } from '../collector/event-flow.ts';
import { createIntake, type Intake } from '../collector/intake.ts';
import type { Store } from '../collector/store/store.ts';

type Stages = Parameters<typeof createEventFlow>[0];
type IntakeParts = Parameters<typeof createIntake>[0];

/** Alarms are raised as ever; there are no speakers unless the test has some. */
export function quietFlow(store: Store, changes: Partial<Stages> = {}): EventFlow {
  return createEventFlow({
    store,
    announce: () => undefined,
    speakerOf: () => undefined,
    newId: uuidv7,
    now: Date.now,
    ...changes,
  });
}

/** Events are filed by a quiet flow and acknowledged to nobody; clips are refused. */
export function quietIntake(store: Store, changes: Partial<IntakeParts> = {}): Intake {
  const now = changes.now ?? Date.now;
  return createIntake({
    store,
    fileEvents: quietFlow(store, { now }).file,
    acknowledge: () => undefined,
    onHealth: async () => undefined,
    onFiled: async () => undefined,
    onMissing: async () => undefined,
    takeClip: async (_, { header: { clipId } }) => ({ clipId, received: 0, state: 'refused' }),
    logger: pino({ level: 'silent' }),
    ...changes,
    now,
  });
}
