/** A mask that comes while a look is under way: no picture that leaves after the rules run shows what it hides. A real worker. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CameraRules } from '../contract/rule.ts';
import type { InferenceAnswer, InferenceRequest } from './detector/inference-messages.ts';
import type { FromWorker } from './worker-messages.ts';
import { createWorkerSupervisor } from './worker-supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'mask-in-flight-'));
const source = join(folder, 'white.mp4');

beforeAll(() => {
  const options = `-nostdin -v error -y -f lavfi -i color=white:size=320x240:rate=10:duration=10 -pix_fmt yuv420p ${source}`;
  expect(spawnSync('ffmpeg', options.split(' '), { encoding: 'utf8' }).stderr).toBe('');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Somebody who stands in it falls due in another zone with every look. */
const zones = Array.from({ length: 60 }, (_, nth) => ({
  ruleId: `zone-${nth}`,
  points: [
    [0.3, 0.3],
    [0.9, 0.3],
    [0.9, 0.9],
    [0.3, 0.9],
  ] as [number, number][],
  settleSeconds: 0.5 + nth / 4,
}));
const open: CameraRules = { schemaVersion: 1, zones };
const masked: CameraRules = {
  ...open,
  privacyMasks: [
    {
      ruleId: 'window',
      points: [
        [0, 0],
        [0.2, 0],
        [0.2, 1],
        [0, 1],
      ],
    },
  ],
};

test('no snapshot that leaves after a mask has come shows what it hides', async () => {
  const said: FromWorker[] = [];
  const supervisor = createWorkerSupervisor({
    cameras: [{ cameraId: 'gate', name: 'Gate', source, analysisFps: 5, looks: 'every' }],
    connectInference: somebodySlowly,
    rulesOf: () => ({ version: 1, rules: open }),
    onMessage: (_, message) => said.push(message),
    logger: pino({ level: 'silent' }),
  });
  const snapshots = (from: number): readonly Uint8Array[] =>
    said.slice(from).flatMap((message) => (message.kind === 'snapshot' ? [message.jpeg] : []));
  const applied = () =>
    said.findIndex((message) => message.kind === 'rules-applied' && message.version === 2);
  supervisor.start({ version: 'none', input: { width: 64, height: 64 } } as never);
  try {
    await vi.waitFor(() => expect(snapshots(0).length).toBeGreaterThan(1), { timeout: 30_000 });
    expect(await brightness(snapshots(0)[0])).toBeGreaterThan(200);
    supervisor.applyRules('gate', { version: 2, rules: masked });
    await vi.waitFor(
      () => {
        expect(applied()).toBeGreaterThan(-1);
        expect(snapshots(applied()).length).toBeGreaterThan(3);
      },
      { timeout: 20_000 },
    );
    const seen = await Promise.all(snapshots(applied()).map(brightness));
    expect(Math.max(...seen)).toBeLessThan(20);
  } finally {
    await supervisor.stop();
  }
}, 60_000);

/** Of the middle of what the mask hides. */
async function brightness(jpeg: Uint8Array | undefined): Promise<number> {
  const piece = { left: 10, top: 60, width: 30, height: 100 };
  const { data, info } = await sharp(jpeg)
    .extract(piece)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data.reduce((sum, value) => sum + value, 0) / (info.size || 1);
}

/** Answers every look half a second later: somebody stands there. */
function somebodySlowly(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const box = { left: 0.5, right: 0.6, top: 0.3, bottom: 0.7 };
  port2.on('message', ({ requestId, pixels }: InferenceRequest) => {
    const detections = [{ box, label: 'person', confidence: 0.9 }];
    const answer = { kind: 'detections', requestId, pixels, detections, tookMs: 1 } as const;
    setTimeout(() => port2.postMessage(answer satisfies InferenceAnswer), 500);
  });
  port2.unref();
  return port1;
}
