/** Whether the collector, as it runs now, has counted events that came a second time. */
import { eventually } from '../harness/program.ts';
import type { Ring } from './ring.ts';

export async function duplicatesCounted({ facts }: Pick<Ring, 'facts'>): Promise<boolean> {
  return eventually(async () => (await duplicatesOf(facts.get('metrics'))) > 0, 60_000);
}

/** 0 while the figures cannot be read. */
export async function duplicatesOf(address: string | undefined): Promise<number> {
  if (address === undefined) return 0;
  const text = await fetch(address).then(
    (answer) => answer.text(),
    () => '',
  );
  return Number(/^haoguanjia_events_duplicate_total (\d+)/m.exec(text)?.[1] ?? 0);
}
