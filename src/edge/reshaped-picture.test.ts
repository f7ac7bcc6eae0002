/** A camera whose picture changes its shape while it runs: real RTSP, real ffmpeg, a real worker; the detector sees nobody. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CameraRules } from '../contract/rule.ts';
import { createRtspServer, type RtspServer } from '../demo/rtsp-server.ts';
import type { InferenceAnswer, InferenceRequest } from './detector/inference-messages.ts';
import type { FromWorker } from './worker-messages.ts';
import { createWorkerSupervisor } from './worker-supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'reshaped-'));
const clip = join(folder, 'reshaped.ts');
let server: RtspServer;
let source: string;

beforeAll(async () => {
  makeClip(['320x180', '640x360', '320x240']);
  server = createRtspServer({ cameras: [{ path: 'gate', file: clip }] });
  source = (await server.start()).url('gate');
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'wire',
      points: [
        [0.2, 0.5],
        [0.8, 0.5],
      ],
    },
  ],
};

test('another size of the same shape keeps the rules, another shape suspends them and calls the operator, and the old one brings them back', async () => {
  const said: FromWorker[] = [];
  const supervisor = createWorkerSupervisor({
    cameras: [{ cameraId: 'gate', name: 'Gate', source, analysisFps: 5 }],
    connectInference: nobody,
    rulesOf: () => ({ version: 3, rules }),
    onMessage: (_, message) => said.push(message),
    logger: pino({ level: 'silent' }),
  });
  supervisor.start({ version: 'none', input: { width: 64, height: 64 } } as never);
  const warningsSaid = () =>
    said.flatMap((message) => (message.kind === 'warnings' ? [message.sentences.join()] : []));
  try {
    await vi.waitFor(
      () => {
        const sentences = warningsSaid();
        const reshaped = sentences.findIndex((one) => /its rules are suspended; draw/.test(one));
        expect(reshaped).toBeGreaterThan(-1);
        // And back: the first shape again, in its first size or another.
        expect(sentences.slice(reshaped).some((one) => !/suspended/.test(one))).toBe(true);
      },
      { timeout: 50_000, interval: 100 },
    );
    expect(warningsSaid().some((one) => /640x360 of the same shape/.test(one))).toBe(true);
    const tampered = said.flatMap((message) =>
      message.kind === 'event' && message.draft.kind === 'camera-tampered' ? [message.draft] : [],
    );
    expect(tampered[0]).toMatchObject({
      tampering: 'reshaped',
      reason: expect.stringMatching(/^camera gate: .* another shape .*; draw them again/),
    });
    expect(tampered.length).toBeLessThanOrEqual(warningsSaid().length);
    const faults = said.flatMap((message) => (message.kind === 'pulse' ? [message.picture] : []));
    expect(faults).toContain('suspended');
    expect(faults).toContain(undefined);
    const drawnOn = said.filter(({ kind }) => kind === 'rules-drawn-on');
    expect(drawnOn).toMatchObject([{ version: 3, size: expect.anything() }]);
  } finally {
    await supervisor.stop();
  }
});

test('a worker that begins on a picture of another shape than its rules were drawn on does not run them', async () => {
  const said: FromWorker[] = [];
  const supervisor = createWorkerSupervisor({
    cameras: [{ cameraId: 'gate', name: 'Gate', source, analysisFps: 5 }],
    connectInference: nobody,
    rulesOf: () => ({ version: 3, rules, drawnOn: { width: 400, height: 400 } }),
    onMessage: (_, message) => said.push(message),
    logger: pino({ level: 'silent' }),
  });
  supervisor.start({ version: 'none', input: { width: 64, height: 64 } } as never);
  const faults = () =>
    said.flatMap((message) =>
      message.kind === 'pulse' && message.width !== undefined ? [message.picture] : [],
    );
  try {
    await vi.waitFor(() => expect(faults().length).toBeGreaterThan(1), { timeout: 20_000 });
    expect(new Set(faults())).toEqual(new Set(['suspended']));
  } finally {
    await supervisor.stop();
  }
});

/** Answers every look at once: there is nobody. */
function nobody(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', ({ requestId, pixels }: InferenceRequest) => {
    const answer = { kind: 'detections', requestId, pixels, detections: [], tookMs: 1 } as const;
    port2.postMessage(answer satisfies InferenceAnswer);
  });
  port2.unref();
  return port1;
}

/** Four seconds of each size, one after the other, in one elementary stream. */
function makeClip(sizes: readonly string[]): void {
  const parts = sizes.map((size) => {
    const file = join(folder, `${size}.264`);
    run(`-f lavfi -i testsrc=size=${size}:rate=10:duration=4 -pix_fmt yuv420p -g 10 -bf 0 ${file}`);
    return readFileSync(file);
  });
  const joined = join(folder, 'joined.264');
  writeFileSync(joined, Buffer.concat(parts));
  run(`-framerate 10 -i ${joined} -c copy ${clip}`);
}

function run(options: string): void {
  const args = ['-nostdin', '-v', 'error', '-y', ...options.split(' ')];
  expect(spawnSync('ffmpeg', args, { encoding: 'utf8' }).stderr).not.toMatch(/rror opening/);
}
