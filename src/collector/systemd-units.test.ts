/** The units for systemd as systemd itself reads them, and what they ask of the programs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const installedAt = '/opt/haoguanjia';
const units = ['haoguanjia-collector.service', 'haoguanjia-edge.service'];
const textOf = (unit: string): string => readFileSync(`config/${unit}`, 'utf8');

/** As it would stand in an installation in this folder. */
const here = (unit: string): string =>
  textOf(unit)
    .replaceAll(installedAt, resolve('.'))
    .replace(/^User=.*$/m, 'User=daemon');

test.skipIf(!hasSystemd).each(units)('systemd finds nothing wrong with %s', (unit) => {
  const folder = mkdtempSync(join(tmpdir(), 'units-'));
  try {
    const file = join(folder, unit);
    writeFileSync(file, here(unit));
    const verdict = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    const about = verdict.stderr.split('\n').filter((line) => line.includes(unit));
    expect(about).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(units)(
  '%s starts a program that is there, and expects its word that it is well',
  (unit) => {
    const text = textOf(unit);
    const [, program = ''] = /^ExecStart=\S+ (?:--\S+ )?(\S+) --config/m.exec(text) ?? [];
    expect(existsSync(program), program).toBe(true);
    expect(
      readFileSync(program.replace('main.ts', `${program.split('/')[1]}.ts`), 'utf8'),
    ).toContain('createSystemdWatchdog(');
    expect(text).toMatch(/^Type=notify\nNotifyAccess=all$/m);
    expect(text).toMatch(/^WatchdogSec=\d+$/m);
    // Longer than the program takes to end well.
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(15);
  },
);
