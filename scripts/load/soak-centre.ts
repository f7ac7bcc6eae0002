/**
 * A centre for a long while: events at a steady rate and a console that signs in each second. What is measured is whether
 * anything grows: the heap after collections, the log of the database, what waits.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { growthPerMinute, type Sample } from '../soak/growth.ts';
import type { CentreUnderLoad } from './centre-under-load.ts';
import { type Drive, driveEdges } from './drive-edges.ts';
import { rounded } from './measures.ts';

const soakLimits = { heapMbPerMinute: 0.1, walMb: 64, backlog: 0 } as const;

const everyMs = 1000;
/** Before this share of the time everything is still being loaded and compiled. */
const warmUpShare = 0.3;

/** `heap` is filled by others meanwhile: bytes after collections. */
export async function soakCentre(
  centre: CentreUnderLoad,
  drive: Drive,
  { folder, heap }: Readonly<{ folder: string; heap: readonly Sample[] }>,
) {
  const wal = join(folder, 'data', 'collector.sqlite-wal');
  let walBytes = 0;
  let signIns = 0;
  let signInsRefused = 0;
  const timer = setInterval(() => {
    walBytes = Math.max(walBytes, statSync(wal, { throwIfNoEntry: false })?.size ?? 0);
    centre.console.signInAgain().then(
      (ok) => {
        signIns += 1;
        if (!ok) signInsRefused += 1;
      },
      () => {
        signInsRefused += 1;
      },
    );
  }, everyMs);
  const figures = await driveEdges(centre, drive).finally(() => clearInterval(timer));
  const settled = heap.slice(Math.floor(heap.length * warmUpShare));
  const heapMbPerMinute = Math.round((growthPerMinute(settled) / 1024 ** 2) * 1000) / 1000;
  const walMb = rounded(walBytes / 1024 ** 2);
  const backlog = figures.sent - figures.acknowledged;
  const passed =
    heapMbPerMinute <= soakLimits.heapMbPerMinute &&
    walMb <= soakLimits.walMb &&
    backlog <= soakLimits.backlog &&
    signInsRefused === 0;
  const heapMb = rounded((heap.at(-1)?.value ?? 0) / 1024 ** 2);
  const memory = { heapMbPerMinute, heapMb, heapSamples: settled.length };
  return { ...figures, ...memory, walMb, backlog, signIns, signInsRefused, passed };
}
