/** An alarm leaves the centre: as a tar that `tar` unpacks, with a watermark, a signature, and a row in the register. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '../../contract/access-rights.ts';
import type { AuditRow } from '../../contract/audit-view.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { crossingEvent } from '../../testing/events.ts';
import type { Manifest } from '../evidence/manifest.ts';
import { verifyExport } from '../evidence/verify-export.ts';

let centre: Centre;
let supervisor = '';
let original: Buffer;
let alarmId = '';
let archive: Buffer;
const reason = '派出所 case 7';
/** A second of grey with sound and a title. */
const clipMaking = [
  ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=0x5a785a:s=642x362:r=10:d=1'],
  ...['-f', 'lavfi', '-i', 'sine=d=1', '-c:v', 'libx264', '-preset', 'ultrafast'],
  ...['-pix_fmt', 'yuv420p', '-metadata', 'title=secret'],
];

beforeAll(async () => {
  centre = await openCentre();
  const scope: Scope = { kind: 'some', grids: ['north'], cameras: [] };
  supervisor = await centre.cookieOf(await centre.addUser('supervisor', scope, '李 supervisor'));
  const background = { r: 90, g: 120, b: 90 };
  original = await sharp({ create: { width: 640, height: 360, channels: 3, background } })
    .jpeg()
    .toBuffer();
  alarmId = await centre.cross('north', 77);
  const { eventId } = crossingEvent(77);
  await centre.store.saveSnapshot(eventId, original, Date.now());
  execFileSync('ffmpeg', [...clipMaking, join(centre.folder, 'clip.mp4')]);
  const clip = { clipId: eventId, eventIds: [eventId], startedAtMs: 0, durationMs: 1, bytes: 4 };
  await centre.store.saveClip(
    'edge-north',
    { ...clip, cameraId: 'cam-north', sha256: '0'.repeat(64) },
    Date.now(),
  );
  const answer = await exported({ reason });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-tar');
  expect(answer.headers.get('content-disposition')).toContain(`alarm-${alarmId}.tar`);
  archive = Buffer.from(await answer.arrayBuffer());
  expect(archive.length).toBe(Number(answer.headers.get('content-length')));
});
afterAll(() => centre.close());

const exported = (body: unknown, cookie = supervisor, of = alarmId) =>
  centre.ask('POST', `/api/alarms/${of}/export`, { cookie, body });

function unpacked(): (name: string) => Buffer {
  const folder = join(centre.folder, 'unpacked');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  expect(readdirSync(folder).sort()).toEqual([
    ...['alarm.json', 'clip.mp4', 'manifest.json', 'manifest.sig', 'snapshot.jpg'],
  ]);
  return (name) => readFileSync(join(folder, name));
}

test('tar unpacks it: the alarm, the clip, and a manifest that says who, when and why', () => {
  const file = unpacked();
  expect(JSON.parse(file('alarm.json').toString())).toMatchObject({
    alarmId: alarmId,
    cameraId: 'cam-north',
  });
  const manifest = JSON.parse(file('manifest.json').toString()) as Manifest;
  expect(manifest).toMatchObject({ exportedBy: '李 supervisor', reason, omitted: [] });
  const clip = readFileSync(join(centre.folder, 'clip.mp4'));
  expect(manifest.files.find(({ name }) => name === 'clip.mp4')).toMatchObject({
    bytes: file('clip.mp4').length,
    originalSha256: createHash('sha256').update(clip).digest('hex'),
  });
  expect(Date.parse(manifest.exportedAt)).toBeGreaterThan(Date.now() - 60_000);
});

test('who took it is burnt into the picture, across it and at its foot', async () => {
  const pixels = (jpeg: Buffer) => sharp(jpeg).greyscale().raw().toBuffer();
  const [before, after] = await Promise.all([original, unpacked()('snapshot.jpg')].map(pixels));
  if (before === undefined || after === undefined) throw new Error('no pixels');
  const changedRows = Array.from({ length: 360 }, (_, y) =>
    Array.from({ length: 640 }, (_, x) => y * 640 + x).some(
      (at) => Math.abs((before[at] ?? 0) - (after[at] ?? 0)) > 12,
    ),
  );
  expect(changedRows.slice(0, 60).some(Boolean)).toBe(true);
  expect(changedRows.slice(150, 210).some(Boolean)).toBe(true);
  // The band at the foot is dark with light letters.
  const foot = after.subarray(350 * 640, 360 * 640);
  expect(Math.min(...foot)).toBeLessThan(60);
  expect(Math.max(...foot)).toBeGreaterThan(200);
  const other = await sharp(await snapshotOf('another')).metadata();
  expect(other.width).toBe(640);
  expect(Buffer.compare(await pixels(await snapshotOf('another')), after)).not.toBe(0);
});

test('and into every picture of the clip, which plays as long as before, without sound and other data', async () => {
  unpacked();
  const marked = join(centre.folder, 'unpacked', 'clip.mp4');
  const facts = execFileSync(
    'ffprobe',
    [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_type,nb_frames:format_tags',
      '-of',
      'csv',
      marked,
    ],
    { encoding: 'utf8' },
  );
  expect(facts).toMatch(/^stream,video,10$/m);
  expect(facts).not.toMatch(/audio|secret/);
  const pixels = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', marked, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    { maxBuffer: 64 * 1024 ** 2 },
  );
  const [width, height] = [642, 362];
  expect(pixels.length).toBe(10 * width * height);
  for (let picture = 0; picture < 10; picture += 1) {
    const rows = (from: number, to: number) =>
      pixels.subarray((picture * height + from) * width, (picture * height + to) * width);
    const spread = (part: Buffer) => Math.max(...part) - Math.min(...part);
    expect(spread(rows(0, 60))).toBeGreaterThan(20);
    expect(spread(rows(150, 210))).toBeGreaterThan(20);
    // The band at the foot is dark with light letters.
    expect(Math.min(...rows(340, 362))).toBeLessThan(60);
    expect(Math.max(...rows(340, 362))).toBeGreaterThan(180);
  }
  await expect.poll(() => readdirSync(join(centre.folder, 'being-exported'))).toEqual([]);
});

async function snapshotOf(username: string): Promise<Buffer> {
  const known = await centre.store.userByName(username);
  const userId =
    known?.userId ?? (await centre.addUser('administrator', { kind: 'all' }, username));
  const answer = await exported({ reason }, await centre.cookieOf(userId));
  return execFileSync('tar', ['-xO', 'snapshot.jpg'], {
    input: Buffer.from(await answer.arrayBuffer()),
  });
}

test('whoever has the public key can check it, and another key is not taken for it', async () => {
  const answer = await centre.ask('GET', '/api/export-key', { cookie: supervisor });
  const key = await answer.text();
  expect(key).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  expect(verifyExport(archive, key)).toMatchObject({ ok: true });
  const other = await openCentre();
  try {
    const user = await other.cookieOf(await other.addUser('operator', { kind: 'all' }));
    const foreign = await (await other.ask('GET', '/api/export-key', { cookie: user })).text();
    expect(verifyExport(archive, foreign)).toMatchObject({
      ok: false,
      reason: 'another key than the trusted one signed',
    });
  } finally {
    await other.close();
  }
  const file = join(centre.folder, 'export-key.pem');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the command tells a whole export from one with a flipped bit', async () => {
  const [file, keyFile] = [join(centre.folder, 'export.tar'), join(centre.folder, 'key.pem')];
  const key = await centre.ask('GET', '/api/export-key', { cookie: supervisor });
  writeFileSync(keyFile, await key.text());
  const check = () =>
    spawnSync(process.execPath, ['scripts/verify-export.ts', file, '--key', keyFile], {
      encoding: 'utf8',
    });
  writeFileSync(file, archive);
  const whole = check();
  expect(whole.stdout).toContain(`alarm ${alarmId}`);
  expect(whole.stdout).toContain(reason);
  expect(whole.status).toBe(0);
  writeFileSync(file, flipped(archive.indexOf('moov', archive.indexOf('clip.mp4') + 8)));
  const changed = check();
  expect(changed.stdout).toContain('clip.mp4 has been changed');
  expect(changed.status).toBe(1);
});

test('no byte of it can be changed, and nothing cut off or added, without being found', () => {
  const places = Array.from({ length: Math.floor(archive.length / 37) }, (_, nth) => nth * 37);
  expect(places.filter((at) => verifyExport(flipped(at)).ok)).toEqual([]);
  for (const other of [
    archive.subarray(0, -512),
    archive.subarray(0, 512),
    Buffer.alloc(0),
    Buffer.concat([archive, Buffer.alloc(512)]),
  ])
    expect(verifyExport(other).ok).toBe(false);
});

function flipped(at: number): Buffer {
  const copy = Buffer.from(archive);
  copy[at] = (copy[at] ?? 0) ^ 0x20;
  return copy;
}

test.each([[{}], [{ reason: '' }], [{ reason: '    ' }]])(
  'without a reason (%j) nothing leaves the centre',
  async (body) => {
    const before = await rows();
    expect((await exported(body)).status).toBe(400);
    expect(await rows()).toHaveLength(before.length);
  },
);

test('the register says who took it and why; others may not, and out of reach there is none', async () => {
  const [row] = await rows({ actor: '李 supervisor' });
  expect(row).toMatchObject({ cameraId: 'cam-north', outcome: 'done' });
  expect(JSON.parse(row?.detail ?? '{}')).toMatchObject({ reason });
  const operator = await centre.cookieOf(await centre.addUser('operator', { kind: 'all' }));
  expect((await exported({ reason }, operator)).status).toBe(403);
  expect((await exported({ reason }, supervisor, centre.objects.south.alarmId)).status).toBe(404);
});

const rows = (more: Readonly<{ actor?: string }> = {}): Promise<readonly AuditRow[]> =>
  centre.store.auditRows({ action: 'recording-exported', limit: 100, ...more });

test('a picture that cannot be read is left out and the manifest says so', async () => {
  const everywhere = await centre.cookieOf(await centre.addUser('supervisor', { kind: 'all' }));
  const answer = await exported({ reason }, everywhere, centre.objects.south.alarmId);
  const verdict = verifyExport(Buffer.from(await answer.arrayBuffer()));
  expect(verdict).toMatchObject({ ok: true, manifest: { omitted: [{ name: 'snapshot.jpg' }] } });
});
