/** A short restore drill on both databases. */
import { expect, test } from 'vitest';
import { postgresPrograms } from '../../src/testing/postgres.ts';
import { runCommand } from '../harness/run-command.ts';

test.each(['sqlite', 'postgres'])(
  'a centre on %s is put back whole from a backup that was made while another process filed events',
  async (database) => {
    if (database === 'postgres' && postgresPrograms() === undefined) return;
    const args = ['--database', database, '--before', '1000'];
    const { result, output } = await runCommand('scripts/drill/main.ts', args);
    const whole = { missing: 0, changed: 0, alarmsWhole: true, clip: true };
    expect(result, output).toMatchObject({ database, ...whole });
    expect(Number(result['acknowledged'])).toBeGreaterThanOrEqual(1000);
    expect(Number(result['filedMeanwhile'])).toBeGreaterThan(0);
  },
);
