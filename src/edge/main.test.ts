/** The edge's program as a technician starts it: what cannot work is told in one sentence with the place and the mend. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadEdgeConfig } from './load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'edge-main-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const least = `edgeId: edge-1
dataFolder: ${join(folder, 'data')}
collectorUrl: http://127.0.0.1:8080
broker:
  url: mqtt://127.0.0.1:1
cameras:
  - cameraId: cam-1
    source: rtsp://127.0.0.1:1/stream
`;

test('the shipped example is loaded, with its secret from the environment', () => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'canary\n');
  const file = join(folder, 'example.yaml');
  const example = readFileSync('config/edge.example.yaml', 'utf8');
  writeFileSync(file, example.replace(/passwordFile: \/.*/, `passwordFile: ${passwordFile}`));
  const config = loadEdgeConfig(file, { EDGE_BROKER_PASSWORD: 'secret' });
  expect(config.broker.password).toBe('secret');
  expect(config.cameras.map(({ cameraId, password }) => [cameraId, password])).toEqual([
    ['dongdajie-01', 'canary'],
    ['dongdajie-02', undefined],
  ]);
});

test.each([
  [
    'broken YAML',
    'cameras: [\n',
    /edge\.yaml, line \d+: this is no valid YAML .*; correct the line/,
  ],
  [
    'an unknown key',
    `${least}colour: red\n`,
    /edge\.yaml, line \d+: .*unknown field "colour"; correct or remove it/,
  ],
  [
    'a camera given twice',
    `${least}  - cameraId: cam-1\n    source: rtsp://127.0.0.1:1/x\n`,
    /camera "cam-1" stands there twice; remove one of them/,
  ],
  [
    'a model that is not there',
    `${least}detector:\n  manifest: models/nowhere.manifest.json\n`,
    /models\/nowhere\.manifest\.json.*; (run|build|name|correct)/,
  ],
  [
    'a privacy mask whose outline crosses itself',
    `${least}    privacyMasks:\n      - [[0, 0], [1, 1], [1, 0], [0, 0.5]]\n`,
    /camera "cam-1": a privacy mask has an outline that crosses itself; correct it/,
  ],
  [
    'an execution provider that the runtime was built without',
    `${least}detector:\n  provider: coreml\n`,
    /execution provider coreml cannot be used on this box \(.*\); set detector\.provider to one that it has: cpu/,
  ],
  [
    'an execution provider whose libraries did not come with the runtime',
    `${least}detector:\n  provider: cuda\n`,
    /execution provider cuda cannot be used on this box \(its library .* fetches it\); set detector\.provider to one that it has: cpu/,
  ],
  [
    'an execution provider that there is not',
    `${least}detector:\n  provider: gpu\n`,
    /edge\.yaml, line \d+: detector\/provider must be "cpu" or "cuda" or .*"openvino".*; correct or remove it/,
  ],
  [
    'a rules file that is not there',
    `${least}    rulesFile: nowhere.json\n`,
    /camera cam-1: there is no rules file nowhere\.json; correct rulesFile or remove it/,
  ],
])('%s ends the start with one sentence and exit 2', (_name, text, sentence) => {
  const file = join(folder, 'edge.yaml');
  writeFileSync(file, text);
  const end = spawnSync(process.execPath, ['src/edge/main.ts', '--config', file], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(end.stderr.trim()).toMatch(sentence);
  expect(end.stderr.trim().split('\n')).toHaveLength(1);
  expect(end.status).toBe(2);
});
