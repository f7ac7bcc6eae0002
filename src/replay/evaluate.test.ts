import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvaluateOptions } from './evaluate-options.ts';

const run = promisify(execFile);
const main = fileURLToPath(new URL('./evaluate-main.ts', import.meta.url));
const square = fileURLToPath(new URL('../../test-fixtures/clips/town-square.mp4', import.meta.url));
const manifest = fileURLToPath(
  new URL('../../models/nanodet-416x320-int8.manifest.json', import.meta.url),
);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('needs no words: every built model, three rates, the clip and the truth of the project', async () => {
    const options = await readEvaluateOptions([]);
    expect(options).toMatchObject({ rates: [10, 5, 3], emptyScenes: false });
    expect(options.truth).toMatch(/shared\/data\/pets09-s2l1$/);
    expect(options.clip).toMatch(/town-square\.mp4$/);
    expect(options.output).toMatch(/test-artefacts\/evaluation$/);
    const names = options.models.map((model) => model.split('/').at(-1));
    expect(names).toContain('nanodet-416x320-int8.manifest.json');
    expect(names).toContain('nanodet-416x256-fp32.manifest.json');
  });

  it('is obeyed, the greatest rate first, so that the others can take their frames from it', async () => {
    const args = ['--truth', 't', '--clip', 'c', '--model', 'm', '--model', 'n', '--output', 'o'];
    const rates = ['--analysis-fps', '3', '--analysis-fps', '10', '--analysis-fps', '3'];
    expect(await readEvaluateOptions([...args, ...rates, '--empty-scenes'])).toEqual({
      ...{ truth: 't', clip: 'c', models: ['m', 'n'], rates: [10, 3], output: 'o' },
      ...{ emptyScenes: true, looks: ['every'], regions: false },
    });
  });

  it.each([
    ['a rate that is none', ['--analysis-fps', 'fast'], /--analysis-fps must be/],
    ['a rate of zero', ['--analysis-fps', '0'], /--analysis-fps must be/],
    ['an unknown name', ['--colour', 'red'], /--colour/],
  ])('with %s is refused in one line', async (_, args, sentence) => {
    await expect(readEvaluateOptions(args)).rejects.toThrow(sentence);
    await expect(readEvaluateOptions(args)).rejects.toThrow(/^[^\n]*use: npm run[^\n]*$/);
  });
});

describe('an evaluation of four seconds', () => {
  const output = () => join(folder, 'output');
  const rules = {
    picture: [768, 576],
    framesPerSecond: 10,
    lines: [
      {
        name: 'right_gate',
        start: [0.92839, 0.5],
        end: [0.875, 0.79688],
        crossings: [{ frame: 25, id: 1, direction: 'a-to-b' }],
      },
    ],
  };

  beforeAll(async () => {
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-t', '4', '-i', square, '-c', 'copy', join(folder, 'short.mp4')],
    ]);
    await writeFile(join(folder, 'gt.txt'), '25,1,690,300,40,90,1,-1,-1,-1\n');
    await writeFile(join(folder, 'tripwires.json'), JSON.stringify(rules));
    await writeFile(join(folder, 'watch-points.json'), '{"watchPoints":[]}');
    await writeFile(join(folder, 'persons.json'), '{"persons":[]}');
  });

  function evaluateFor(...args: readonly string[]) {
    return run(process.execPath, [
      ...[main, '--truth', folder, '--clip', join(folder, 'short.mp4'), '--model', manifest],
      ...['--output', output(), ...args],
    ]);
  }

  it('prints one table and leaves figures and a picture of each rate', async () => {
    const { stdout } = await evaluateFor('--analysis-fps', '5', '--analysis-fps', '2.5');
    expect(stdout).toMatch(
      /^ +nanodet +nanodet\n +416x320 +416x320\n +int8 +int8\n +5 fps +2\.5 fps\n/,
    );
    expect(stdout).toMatch(/\nHOTA +0\.\d{3} +0\.\d{3}\n/);
    expect(stdout).toMatch(/\nright-gate: true\/false\/missed +1\/\d\/0 /);

    const figures = JSON.parse(
      await readFile(join(output(), 'evaluation.json'), 'utf8'),
    ) as unknown;
    expect(figures).toMatchObject({
      clip: 'short.mp4',
      replays: [
        {
          model: 'nanodet-416x320-int8',
          analysisFps: 5,
          hota: expect.any(Number),
          crossings: { true: 1, missed: 0 },
          reidentification: { right: 0, wrong: 0, none: 0 },
        },
        { analysisFps: 2.5 },
      ],
    });
    for (const rate of [5, 2.5]) {
      const picture = sharp(join(output(), `nanodet-416x320-int8-${rate}fps.png`));
      expect(await picture.metadata()).toMatchObject({ format: 'png', height: 1150 });
    }
  });

  it.each([
    ['a truth that is not there', ['--truth', 'nowhere'], /there is no folder nowhere; .*--truth/],
    ['a clip that is not there', ['--clip', 'none.mp4'], /none\.mp4.*no such file/],
    ['a model that is not there', ['--model', 'none.manifest.json'], /none\.manifest\.json/],
  ])('%s is named in one sentence', async (_, args, sentence) => {
    const ending = await evaluateFor(...args).catch((error: unknown) => error);
    expect(ending).toMatchObject({ code: 2, stdout: '' });
    const said = (ending as { stderr: string }).stderr.trim().split('\n');
    expect(said.at(-1)).toMatch(sentence);
  });
});
