/** The broker comes long after the others: more than any camera sees happens meanwhile, and all of it is kept and let go. */
import { eventually } from '../harness/program.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';

export const lateBroker: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const settings = { folder, broker, eventsPerSecond, brokerComesLater: true };
  const drained = await whileEventsFlow(settings, async (ring) => {
    await pause(seconds * 1000);
    const keptMeanwhile = ring.log.kept.size;
    const crashes = ring.edge.crashes() + ring.collector.crashes();
    ring.broker.start();
    const from = performance.now();
    await eventually(() => ring.log.backlog() < eventsPerSecond, 120_000);
    const caughtUpSeconds = Math.round((performance.now() - from) / 100) / 10;
    return { keptMeanwhile, crashes, caughtUpSeconds };
  });
  const { result, drainSeconds, verdict } = drained;
  const due = Math.floor(eventsPerSecond * seconds * 0.95);
  const more = broken({
    [`only ${result.keptMeanwhile} of ${due} events were kept meanwhile`]:
      result.keptMeanwhile < due,
    [`${result.crashes} programs ended by themselves`]: result.crashes > 0,
  });
  const figures = { ...verdict, drainSeconds, seconds, ...result };
  return { figures, broken: [...brokenPromises(drained), ...more] };
};
