/**
 * Whether the time of an answer tells which names exist: refused sign-ins with a known and an unknown name, in turn.
 *   npm run --silent bench:sign-in -- [--times 100]
 * The last line is JSON: medians in milliseconds and by how many percent they differ; exit 1 from 20 percent on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAccess } from '../src/collector/http/access.ts';
import { createStore } from '../src/collector/store/create-store.ts';

const most = 20;
const nobody = { address: '127.0.0.1', program: 'bench' };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: 'string', default: '100' } } });
  const folder = mkdtempSync(join(tmpdir(), 'bench-sign-in-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  const store = await createStore({ database, places: [] });
  try {
    const access = createAccess(store, Date.now);
    const token = (await access.prepareSetup()) ?? '';
    await access.setUp({ token, username: 'chief', password: 'a-long-enough-password' }, nobody);
    const known: number[] = [];
    const unknown: number[] = [];
    for (let time = -5; time < Number(values.times); time += 1) {
      const one = await millisecondsOf(access, 'chief');
      const other = await millisecondsOf(access, `nobody-${time}`);
      // The first few warm up.
      if (time >= 0) known.push(one);
      if (time >= 0) unknown.push(other);
    }
    const [knownMs, unknownMs] = [median(known), median(unknown)];
    const differPercent = (100 * Math.abs(knownMs - unknownMs)) / Math.max(knownMs, unknownMs);
    const figures = { times: known.length, knownMs, unknownMs, differPercent };
    process.stdout.write(`${JSON.stringify(figures, (_, value) => rounded(value))}\n`);
    process.exitCode = differPercent < most ? 0 : 1;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function millisecondsOf(
  access: ReturnType<typeof createAccess>,
  username: string,
): Promise<number> {
  const beganAt = performance.now();
  await access.signIn({ username, password: 'a wrong guess' }, nobody).catch(() => undefined);
  return performance.now() - beganAt;
}

const rounded = (value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

await main();
