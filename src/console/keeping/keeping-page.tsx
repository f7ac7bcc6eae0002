/** What is kept beyond its time, for those who hold and release; what was deleted in time, for those who check. */
import { may } from '../../contract/access-rights.ts';
import { useRole } from '../api/queries.ts';
import { DeletionsTable } from './deletions-table.tsx';
import { HoldsTable } from './holds-table.tsx';

export function KeepingPage() {
  const role = useRole();
  return (
    <section>
      {may(role, 'recording.hold') ? <HoldsTable /> : null}
      {may(role, 'audit.read') ? <DeletionsTable /> : null}
    </section>
  );
}
