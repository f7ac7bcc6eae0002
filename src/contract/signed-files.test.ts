/** S25 what a box or a centre is given is taken from the trusted key alone, whole, and never an older one. */
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCollectorConfig } from '../collector/load-config.ts';
import { loadModel } from '../edge/detector/model-manifest.ts';
import { loadEdgeConfig } from '../edge/load-config.ts';
import { signFiles, trustedPath } from './signed-files.ts';

let folder = '';
let told: string[] = [];
const place = (name: string): string => join(folder, name);
const keys = { key: generateKeyPairSync('ed25519'), other: generateKeyPairSync('ed25519') };

function sign(version: number, files: readonly string[], by: keyof typeof keys = 'key'): void {
  const signature = signFiles(files.map(place), version, keys[by].privateKey);
  writeFileSync(`${place(files[0] ?? '')}.signature`, signature);
}
const environment = () => ({
  HAOGUANJIA_TRUST_KEY_FILE: place('key.pub'),
  HAOGUANJIA_ACCEPTED: place('accepted'),
});
const taken = (name = 'edge.yaml'): string =>
  readFileSync(
    trustedPath(place(name), environment(), (sentence) => told.push(sentence)),
    'utf8',
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signed-'));
  told = [];
  writeFileSync(place('key.pub'), keys.key.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(place('edge.yaml'), 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('S25 a signed file', () => {
  test('is taken; with any bit of it or of its signature changed it is refused, and the one before is used', () => {
    expect(() => taken()).toThrow(/edge\.yaml is refused: it is not signed; sign it with/);
    sign(1, ['edge.yaml']);
    expect(taken()).toBe('one');
    writeFileSync(place('edge.yaml'), 'two');
    expect([taken(), told.at(-1)]).toEqual([
      'one',
      expect.stringMatching(/edge\.yaml was changed/),
    ]);
    sign(2, ['edge.yaml']);
    const signature = readFileSync(place('edge.yaml.signature'));
    const letters = [...signature.keys()].filter(
      (at) => !/\s/.test(String.fromCharCode(signature[at] ?? 0)),
    );
    const tried = letters.filter((_, place) => place % 9 === 0 || place > letters.length - 9);
    for (const at of tried) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(place('edge.yaml.signature'), changed);
      expect(taken(), String(at)).toBe('one');
    }
    writeFileSync(place('edge.yaml.signature'), signature);
    told = [];
    expect([taken(), told]).toEqual(['two', []]);
  });

  test('of an older version is refused, and so is another one of the same number', () => {
    sign(7, ['edge.yaml']);
    expect(taken()).toBe('one');
    writeFileSync(place('edge.yaml'), 'old');
    sign(6, ['edge.yaml']);
    expect([taken(), told.at(-1)]).toEqual([
      'one',
      expect.stringMatching(/it is version 6, and version 7 was taken before.*version 7 is used/),
    ]);
    sign(7, ['edge.yaml']);
    expect([taken(), told.at(-1)]).toEqual(['one', expect.stringMatching(/another version 7/)]);
  });

  test('of another key, or signed for another file, is refused', () => {
    sign(1, ['edge.yaml'], 'other');
    expect(() => taken()).toThrow(/not signed by the trusted key/);
    writeFileSync(place('other.yaml'), 'one');
    sign(1, ['other.yaml']);
    copyFileSync(place('other.yaml.signature'), place('edge.yaml.signature'));
    expect(() => taken()).toThrow(/not signed by the trusted key/);
  });

  test('whose copy was changed is not used either', () => {
    sign(1, ['edge.yaml']);
    taken();
    writeFileSync(join(place('accepted'), 'edge.yaml', '1', 'edge.yaml'), 'planted');
    expect([taken(), told]).toEqual(['one', []]);
    writeFileSync(join(place('accepted'), 'edge.yaml', '1', 'edge.yaml'), 'planted');
    rmSync(place('edge.yaml.signature'));
    expect(() => taken()).toThrow(/it is not signed/);
  });

  test('is kept with the one before, and no more', () => {
    for (const version of [1, 2, 10, 11]) {
      writeFileSync(place('edge.yaml'), String(version));
      sign(version, ['edge.yaml']);
      expect(taken()).toBe(String(version));
    }
    expect(readdirSync(join(place('accepted'), 'edge.yaml')).sort()).toEqual(['10', '11']);
  });
});

test('S25 a file is signed by a command, with a key that it makes and never writes over', () => {
  const command = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['scripts/sign.ts', '--key', place('own'), ...args]);
  expect(command('--make-key').status).toBe(0);
  expect(statSync(place('own')).mode & 0o777).toBe(0o600);
  expect(command('--make-key').status).toBe(2);
  expect(command('--version', '3', place('edge.yaml')).status).toBe(0);
  copyFileSync(place('own.pub'), place('key.pub'));
  expect(taken()).toBe('one');
});

test('S25 a box, a centre and a detector take nothing else when a key is trusted', () => {
  const broker = 'broker: { url: "mqtt://127.0.0.1:1" }';
  const data = `dataFolder: ${place('data')}`;
  const cameras = 'cameras: [{ cameraId: gate, source: rtsp://10.0.0.5/x }]';
  const box = `edgeId: box-1\ncollectorUrl: http://127.0.0.1:1\n${broker}\n${data}\n${cameras}\n`;
  writeFileSync(place('edge.yaml'), box);
  writeFileSync(place('collector.yaml'), `http: { port: 0 }\n${broker}\n${data}\n`);
  mkdirSync(place('models'));
  writeFileSync(place('models/own.onnx'), 'no model');
  const loads = {
    'edge.yaml': () => loadEdgeConfig(place('edge.yaml'), environment()).edgeId,
    'collector.yaml': () => loadCollectorConfig(place('collector.yaml'), environment()).http.port,
    'models/own.manifest.json': () =>
      loadModel(place('models/own.manifest.json'), environment()).version,
  };
  const input = { width: 320, height: 320, layout: 'nchw', type: 'uint8', colours: 'bgr' };
  const sha256 = createHash('sha256').update('no model').digest('hex');
  const about = { name: 'own', version: 'own@1', family: 'yolox', licence: 'MIT', classes: 'coco' };
  const manifest = { ...about, file: 'own.onnx', sha256, input };
  writeFileSync(place('models/own.manifest.json'), JSON.stringify(manifest));
  for (const load of Object.values(loads)) expect(load).toThrow(/is refused: it is not signed/);
  for (const name of ['edge.yaml', 'collector.yaml']) sign(1, [name]);
  sign(1, ['models/own.manifest.json', 'models/own.onnx']);
  expect(Object.values(loads).map((load) => load())).toEqual(['box-1', 0, 'own@1']);
  // A bit of the model, after it was taken: the one that was taken is used.
  writeFileSync(place('models/own.onnx'), 'no modem');
  expect(loads['models/own.manifest.json']()).toBe('own@1');
});
