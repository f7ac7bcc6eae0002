import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReplayOptions } from './replay-options.ts';
import { readRulesFile } from './rules-file.ts';

describe('the command line', () => {
  const complete = [
    ...['--clip', 'a.mp4', '--rules', 'r.json', '--analysis-fps', '5'],
    ...['--events', 'e.jsonl', '--tracks', 't.txt', '--persons', 'p.txt'],
  ];

  it('is read whole', () => {
    expect(readReplayOptions([...complete, '--model', 'm.json', '--input-fps', '12.5'])).toEqual({
      clip: 'a.mp4',
      rules: 'r.json',
      analysisFps: 5,
      events: 'e.jsonl',
      tracks: 't.txt',
      persons: 'p.txt',
      model: 'm.json',
      inputFps: 12.5,
    });
  });

  it.each([
    ['nothing at all', [], /--clip is missing; use: npm run/],
    ['a missing file name', complete.slice(0, -2), /--persons is missing/],
    ['a rate that is none', [...complete, '--analysis-fps', 'fast'], /--analysis-fps must be/],
    ['a rate of zero', [...complete, '--input-fps', '0'], /--input-fps must be/],
    ['an unknown name', [...complete, '--colour', 'red'], /--colour/],
    ['a value without a name', [...complete, 'more'], /more/],
  ])('with %s is refused in one line', (_, args, sentence) => {
    expect(() => readReplayOptions(args)).toThrow(sentence);
    expect(() => readReplayOptions(args)).toThrow(/^[^\n]*$/);
  });
});

describe('a rules file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const reading = async (text: string) => {
    const file = join(folder, 'rules.json');
    await writeFile(file, text);
    return readRulesFile(file);
  };
  const gate = {
    ruleId: 'gate',
    points: [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
  };

  it('is read as it stands', async () => {
    const rules = { schemaVersion: 1, tripwires: [gate], zones: [], watchPoints: [] };
    expect(await reading(JSON.stringify(rules))).toEqual(rules);
  });

  it.each([
    [
      'that is no JSON',
      '{"schemaVersion":1,\n"tripwires":[}\n',
      /rules\.json, line 2: .*no valid JSON/,
    ],
    ['that is YAML', 'schemaVersion: 1\n', /rules\.json: this is no valid JSON/],
    ['that is empty', '', /rules\.json: this is no valid JSON/],
    [
      'with a point outside the picture',
      '{"schemaVersion":1,"tripwires":[\n{"ruleId":"gate","points":[[0,0],\n[7,1]]}]}',
      /rules\.json, line 3: tripwires\/0\/points\/1\/0 /,
    ],
    [
      'with two rules of one name',
      JSON.stringify({ schemaVersion: 1, tripwires: [gate, gate] }),
      /rules\.json: two rules are called "gate"/,
    ],
  ])('%s is refused at its place', async (_, text, sentence) => {
    await expect(reading(text)).rejects.toThrow(sentence);
  });

  it('that is not there is named', async () => {
    await expect(readRulesFile(join(folder, 'none.json'))).rejects.toThrow(/none\.json.*--rules/);
  });
});
