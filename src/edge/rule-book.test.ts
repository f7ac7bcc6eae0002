/** Which rules a camera runs, across refusals, restarts and damage, on a real folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CameraRules } from '../contract/rule.ts';
import { createRuleBook } from './rule-book.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const book = (rulesFile?: string) =>
  createRuleBook(
    join(folder, 'kept'),
    [{ cameraId: 'cam-1', ...(rulesFile === undefined ? {} : { rulesFile }) }],
    pino({ level: 'silent' }),
  );
const wire = (ruleId: string): CameraRules => ({
  schemaVersion: 1,
  tripwires: [
    {
      ruleId,
      points: [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    },
  ],
});
const sent = (rulesVersion: number, rules: CameraRules) => ({
  cameraId: 'cam-1',
  rulesVersion,
  rules,
});
const noArea = {
  schemaVersion: 1,
  zones: [
    {
      ruleId: 'flat',
      points: [
        [0.1, 0.1],
        [0.5, 0.1],
        [0.9, 0.1],
      ],
    },
  ],
} as unknown as CameraRules;

describe('the rule book', () => {
  test('keeps the newest rules over a restart', () => {
    book().accept(sent(3, wire('gate')));
    expect(book().current('cam-1')).toEqual({ version: 3, rules: wire('gate') });
  });

  test('runs new rules though they cannot be written, and tells of it', () => {
    const lines: string[] = [];
    const logger = pino({}, { write: (line) => lines.push(line) });
    const one = createRuleBook(join(folder, 'kept'), [{ cameraId: 'cam-1' }], logger);
    // No file can be written where a folder is.
    mkdirSync(join(folder, 'kept', 'cam-1.json.new'));
    expect(one.accept(sent(3, wire('gate')))).toEqual({ version: 3, rules: wire('gate') });
    expect(one.current('cam-1').version).toBe(3);
    expect(lines).toEqual([expect.stringMatching(/cam-1.*could not be kept/)]);
    rmSync(join(folder, 'kept', 'cam-1.json.new'), { recursive: true });
    one.accept(sent(3, wire('gate')));
    expect(book().current('cam-1').version).toBe(3);
  });

  test('knows over a restart on which picture its rules were drawn, until others come', () => {
    const one = book();
    one.accept(sent(3, wire('gate')));
    one.drawnOn('cam-1', 2, { width: 1, height: 1 });
    one.drawnOn('cam-1', 3, { width: 640, height: 360 });
    const next = book();
    expect(next.current('cam-1').drawnOn).toEqual({ width: 640, height: 360 });
    expect(next.accept(sent(4, wire('gate')))).not.toHaveProperty('drawnOn');
  });

  test('takes no older version than it runs', () => {
    const one = book();
    one.accept(sent(3, wire('new')));
    expect(one.accept(sent(2, wire('old')))).toBeUndefined();
    expect(one.current('cam-1').rules).toEqual(wire('new'));
  });

  test('refuses rules that make no sense, says why, and runs the last good ones on', () => {
    const one = book();
    one.accept(sent(1, wire('gate')));
    one.applied('cam-1', 1);
    expect(one.accept(sent(2, noArea))).toBeUndefined();
    expect(one.current('cam-1').version).toBe(1);
    expect(one.report('cam-1')).toEqual({
      appliedVersion: 1,
      refused: { version: 2, reason: 'zone "flat" has no area; draw it again' },
    });
    one.accept(sent(3, wire('mended')));
    expect(one.report('cam-1')).toEqual({ appliedVersion: 1 });
  });

  test.each(['', '{"version":', 'null', '{"version":"x"}', '{"version":1,"rules":{"a":1}}'])(
    'starts with the rules file when its own copy is damaged: %s',
    (damage) => {
      mkdirSync(join(folder, 'kept'));
      writeFileSync(join(folder, 'kept', 'cam-1.json'), damage);
      const rulesFile = join(folder, 'rules.json');
      writeFileSync(rulesFile, JSON.stringify(wire('from-file')));
      expect(book(rulesFile).current('cam-1')).toEqual({ version: 0, rules: wire('from-file') });
    },
  );

  test('prefers what the centre sent to the rules file', () => {
    const rulesFile = join(folder, 'rules.json');
    writeFileSync(rulesFile, JSON.stringify(wire('from-file')));
    book(rulesFile).accept(sent(1, wire('from-centre')));
    expect(book(rulesFile).current('cam-1').rules).toEqual(wire('from-centre'));
  });

  test('names the rules file and the mend when it cannot be used', () => {
    const rulesFile = join(folder, 'rules.json');
    expect(() => book(rulesFile)).toThrow(
      `camera cam-1: there is no rules file ${rulesFile}; correct rulesFile or remove it`,
    );
    writeFileSync(rulesFile, '{');
    expect(() => book(rulesFile)).toThrow(/rules\.json is no JSON/);
    writeFileSync(rulesFile, JSON.stringify(noArea));
    expect(() => book(rulesFile)).toThrow(/rules\.json: zone "flat" has no area; draw it again/);
  });
});
