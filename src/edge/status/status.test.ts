/** The box's own page over a real socket, and what systemd is told by a real program. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CameraHealth } from '../../contract/edge-report.ts';
import { createSystemdWatchdog } from '../../contract/systemd-watchdog.ts';
import type { BoxReport } from './box-report.ts';
import { createStatus, type Status } from './status.ts';

const logger = pino({ level: 'silent' });
const camera: CameraHealth = {
  cameraId: 'cam-1',
  name: '东巷口 <b>',
  state: 'live',
  stateSinceMs: 0,
  frameAgeMs: 240,
  analysedPerSecond: 5,
  width: 768,
  height: 576,
  rules: { appliedVersion: 3 },
};
let cameras: readonly CameraHealth[] = [camera];
const overloaded: BoxReport['looks'] = {
  waitMs: 420,
  isOverloaded: true,
  late: [
    { cameraId: 'cam-2', waitMs: 1240 },
    { cameraId: 'cam-1', waitMs: 460 },
  ],
};
let looks = overloaded;
const inDays = (days: number): number => Date.now() + days * 86_400_000;
let certificateEndsAtMs = inDays(30);
let reports = 0;
const report = (): BoxReport => {
  reports += 1;
  return reportNow();
};
const reportNow = (): BoxReport => ({
  health: {
    edgeId: 'edge-1',
    bootId: 'boot-1',
    atMs: 0,
    outboxRows: 7,
    inferenceMs: 31.4,
    cameras: [...cameras],
    certificateEndsAtMs,
  },
  loads: new Map([
    [
      'cam-1',
      {
        analysedFrames: 50,
        gatePassedFrames: 18,
        unseenFrames: 2,
        looks: 20,
        droppedFrames: 1,
        decodeErrors: 4,
        harmedPictures: 3,
        stalls: 1,
        connections: 2,
        inferenceSeconds: 0.6,
        cpuSeconds: 0.2,
      },
    ],
  ]),
  blindToday: [
    { cameraId: 'cam-1', day: '2027-01-15', reason: 'offline', seconds: 120 },
    { cameraId: 'cam-1', ruleId: 'wire', day: '2027-01-15', reason: 'rate', seconds: 60 },
  ],
  looks,
  startedAtMs: 1_800_000_000_000,
  brokerConnected: false,
});

let status: Status | undefined;
afterEach(async () => {
  await status?.stop();
  cameras = [camera];
  looks = overloaded;
  certificateEndsAtMs = inDays(30);
});

async function open(): Promise<string> {
  status = createStatus({ host: '127.0.0.1', port: 0 }, report, logger);
  return status.start();
}

describe('the status of a box', () => {
  test('is well while every camera has a fresh frame, and names the one that has not', async () => {
    const address = await open();
    looks = { waitMs: 3, isOverloaded: false, late: [{ cameraId: 'cam-1', waitMs: 320 }] };
    expect((await fetch(`${address}/health`)).status).toBe(200);
    const { frameAgeMs: _, ...blind } = camera;
    cameras = [
      camera,
      { ...camera, cameraId: 'cam-2', state: 'stalled', frameAgeMs: 61_000 },
      {
        ...blind,
        cameraId: 'cam-3',
        state: 'auth-failed',
        reason: 'the camera refuses the password',
      },
    ];
    const answer = await fetch(`${address}/health`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      {
        ok: false,
        faults: [
          'camera cam-2: the newest picture is 61 s old (stalled)',
          'camera cam-3: no picture yet (the camera refuses the password)',
        ],
        warnings: [],
      },
    ]);
  });

  test('says that it has too much to look at, names the cameras that come late, and is alive all the same', async () => {
    const answer = await fetch(`${await open()}/health`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        ok: true,
        faults: [],
        warnings: [
          expect.stringMatching(
            /^the box has too much to look at: looks wait 0\.4 s, longest those of cam-2 \(1\.2 s\), cam-1 \(0\.5 s\); lower analysisFps/,
          ),
        ],
      },
    ]);
  });

  test('says that the certificate of the broker runs out, before and after', async () => {
    looks = { waitMs: 3, isOverloaded: false, late: [] };
    const address = await open();
    const warnings = async () => (await (await fetch(`${address}/health`)).json()).warnings;
    expect(await warnings()).toEqual([]);
    certificateEndsAtMs = inDays(5.5);
    expect(await warnings()).toEqual([expect.stringContaining('broker runs out in 5 days; renew')]);
    certificateEndsAtMs = inDays(-1);
    expect(await warnings()).toEqual([expect.stringContaining('broker has run out; renew it')]);
    const figures = await (await fetch(`${address}/metrics`)).text();
    const told = /^haoguanjia_edge_certificate_end_time_seconds (\S+)$/m.exec(figures)?.[1];
    expect(Number(told) * 1000).toBeCloseTo(certificateEndsAtMs, 0);
  });

  test('gives its figures to Prometheus', async () => {
    const text = await (await fetch(`${await open()}/metrics`)).text();
    expect(text).toMatch(/^haoguanjia_camera_up\{camera="cam-1"\} 1$/m);
    expect(text).toMatch(/^haoguanjia_camera_frame_age_seconds\{camera="cam-1"\} 0\.24$/m);
    expect(text).toMatch(/^haoguanjia_camera_looks_total\{camera="cam-1"\} 20$/m);
    expect(text).toMatch(/^haoguanjia_camera_gate_passed_frames_total\{camera="cam-1"\} 18$/m);
    expect(text).toMatch(/^haoguanjia_camera_unseen_frames_total\{camera="cam-1"\} 2$/m);
    expect(text).toMatch(/^haoguanjia_camera_dropped_frames_total\{camera="cam-1"\} 1$/m);
    expect(text).toMatch(
      /^haoguanjia_rule_blind_seconds_today\{camera="cam-1",rule="wire",reason="rate"\} 60$/m,
    );
    expect(text).toMatch(/^haoguanjia_edge_overloaded 1$/m);
    expect(text).toMatch(/^haoguanjia_edge_inference_wait_seconds 0\.42$/m);
    expect(text).toMatch(/^haoguanjia_edge_outbox_rows 7$/m);
    expect(text).toMatch(/^haoguanjia_edge_broker_connected 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  test('asks the box once for all figures together', async () => {
    const address = await open();
    await fetch(`${address}/metrics`);
    const before = reports;
    cameras = [{ ...camera, analysedPerSecond: 3 }];
    const text = await (await fetch(`${address}/metrics`)).text();
    expect(reports).toBe(before + 1);
    expect(text).toMatch(/^haoguanjia_camera_analysed_per_second\{camera="cam-1"\} 3$/m);
  });

  test('shows a technician each camera, and no markup that a name brings along', async () => {
    const page = await (await fetch(await open())).text();
    expect(page).toContain('正常 live');
    expect(page).toContain('768×576');
    expect(page).toContain(
      'overloaded: quiet cameras are looked at later: cam-2 1.2 s, cam-1 0.5 s',
    );
    expect(page).toContain('今日失明 blind today: 离线 offline 120 s, wire: 帧率不足 rate 60 s');
    expect(page).toMatch(
      /looked at 35 %<br>.*looks lost 4 %<br>.*connections 2<br>.*stalls 1<br>.*decode errors 4/,
    );
    expect(page).toContain('未连接 not connected');
    expect(page).not.toContain('东巷口 <b>');
  });

  test('names the port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    status = createStatus({ host: '127.0.0.1', port }, report, logger);
    await expect(status.start()).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken by another program; choose another status.port`,
    );
    other.close();
  });
});

test('systemd hears that the box is ready and well, and nothing while it is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'systemd-'));
  const heard = join(folder, 'heard');
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$1" >> ${heard}\n`);
  chmodSync(program, 0o755);
  let well = true;
  const environment = {
    PATH: `${folder}:${process.env['PATH']}`,
    NOTIFY_SOCKET: '/run/systemd/notify',
    WATCHDOG_USEC: '100000',
  };
  const watchdog = createSystemdWatchdog(() => well, logger, environment);
  vi.stubEnv('PATH', environment.PATH);
  watchdog.start();
  const lines = (): readonly string[] => readFileSync(heard, 'utf8').trim().split('\n');
  await vi.waitFor(
    () => expect(lines()).toEqual(expect.arrayContaining(['--ready', 'WATCHDOG=1'])),
    5000,
  );
  well = false;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = lines().length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lines().length).toBe(before);
  watchdog.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
