/** What edges say about themselves, as rows. */
import type { Connection } from './tables.ts';

export async function saveEdge(
  connection: Connection,
  edge: Readonly<{
    edgeId: string;
    bootId: string;
    online: boolean;
    sinceMs: number;
    outboxRows: number;
    storageFault?: string;
    certificateEndsAtMs?: number;
  }>,
): Promise<void> {
  const values = {
    boot_id: edge.bootId,
    online: Number(edge.online),
    since_ms: edge.sinceMs,
    outbox_rows: edge.outboxRows,
    storage_fault: edge.storageFault ?? null,
    certificate_ends_at_ms: edge.certificateEndsAtMs ?? null,
  };
  await connection
    .insertInto('edge')
    .values({ edge_id: edge.edgeId, ...values })
    .onConflict((conflict) => conflict.column('edge_id').doUpdateSet(values))
    .execute();
}
