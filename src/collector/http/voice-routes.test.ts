/** The voice library over HTTP, with a real library and real speech behind it. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';
import { decideAlarm } from '../alarms/alarms.ts';
import { createVoice, type Voice } from '../speakers/voice/voice.ts';
import { readWav } from '../speakers/voice/wav-file.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createHttp, type Http } from './http.ts';

const folder = mkdtempSync(join(tmpdir(), 'voice-routes-'));
let store: Store;
let voice: Voice;
let http: Http;
let address: string;
let cookie: string;
const stopped: string[] = [];

beforeAll(async () => {
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [],
  });
  voice = createVoice({
    cacheFolder: join(folder, 'cache'),
    recordingsFolder: join(folder, 'recordings'),
  });
  await voice.start();
  http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder: folder },
    {
      store,
      speakers: {
        ...silentSpeakers(),
        voice,
        cancel: (announcementId) => {
          stopped.push(announcementId);
          return stopped.length === 1;
        },
      },
      edges: {
        connected: () => false,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
      logger: pino({ level: 'silent' }),
      now: Date.now,
    },
  );
  const started = await http.start();
  address = started.address;
  const account = { username: 'duty', password: 'a-long-enough-password' };
  const made = await fetch(`${address}/api/setup`, {
    method: 'POST',
    body: JSON.stringify({ token: started.setupToken, ...account }),
    headers: { 'content-type': 'application/json' },
  });
  cookie = (made.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(async () => {
  await http.stop();
  await voice.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<Readonly<{ status: number; bytes: Uint8Array; answer: unknown }>> {
  const sent = body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  const response = await fetch(address + path, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: sent }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const answer: unknown = isJson ? JSON.parse(new TextDecoder().decode(bytes)) : undefined;
  return { status: response.status, bytes, answer };
}

function tone(): Uint8Array {
  const path = join(folder, 'tone.mp3');
  const source = 'aevalsrc=0.4*sin(2*PI*600*t):s=16000:d=1.5';
  spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, path]);
  return readFileSync(path);
}

/** Rules that speak, of a camera that needs no edge for that. */
async function rulesThatSay(announcement: object): Promise<void> {
  const { rulesVersion } = await store.rules('lane-1');
  const points = [
    [0, 0],
    [1, 1],
  ] as [number, number][];
  const rule = { ruleId: 'gate', name: '东门', points, response: { announcement } };
  const rules = { schemaVersion: 1, tripwires: [rule] } as never;
  await store.saveRules('lane-1', rules, rulesVersion, 'li', 1);
}

describe('a recording', () => {
  test('is uploaded, listed, heard and taken away', async () => {
    const path = `/api/voice/recordings/no-parking?title=${encodeURIComponent('禁止停车')}`;
    const added = await ask('PUT', path, tone(), 'audio/mpeg');
    expect(added).toMatchObject({ status: 200, answer: { title: '禁止停车', savedBy: 'duty' } });
    expect((await ask('GET', '/api/voice')).answer).toMatchObject({
      recordings: [{ name: 'no-parking', title: '禁止停车' }],
      templates: [],
    });
    const announcement = { kind: 'recording', name: 'no-parking' };
    const heard = await ask('POST', '/api/voice/preview', { announcement });
    const { sampleRate, samples } = readWav(heard.bytes);
    expect(sampleRate).toBe(16000);
    expect(samples.length / sampleRate).toBeCloseTo(1.5, 0);

    await rulesThatSay(announcement);
    expect(await ask('DELETE', '/api/voice/recordings/no-parking')).toMatchObject({
      status: 409,
      answer: { message: expect.stringContaining('东门') },
    });
    await rulesThatSay({ kind: 'speech', text: '走', language: 'zh-CN' });
    expect((await ask('DELETE', '/api/voice/recordings/no-parking')).status).toBe(200);
    expect((await ask('DELETE', '/api/voice/recordings/no-parking')).status).toBe(404);
  });

  test.each([
    ['is no sound', Buffer.from('hello'), 'audio/wav', 400, 'no WAV and no MP3'],
    ['is too large', Buffer.alloc(21 * 1024 * 1024), 'audio/wav', 413, ''],
    ['comes as something else', Buffer.from('{}'), 'application/json', 400, 'no WAV and no MP3'],
  ])('that %s is refused', async (_what, bytes, type, status, reason) => {
    const answer = await ask('PUT', '/api/voice/recordings/bad', bytes, type);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.answer)).toContain(reason);
    expect((await ask('GET', '/api/voice')).answer).toMatchObject({ recordings: [] });
  });

  test('cannot reach out of its folder', async () => {
    writeFileSync(join(folder, 'outside.wav'), 'x');
    const answer = await ask('DELETE', '/api/voice/recordings/..%2Foutside');
    expect(answer.status).toBe(400);
    expect(readFileSync(join(folder, 'outside.wav'), 'utf8')).toBe('x');
  });
});

describe('a template', () => {
  const texts = { 'zh-CN': '{lane}禁止停车，现在是{time}', en: 'No parking in {lane}' };
  const template = { name: '禁停', texts };

  test('is saved, changed, spoken and removed', async () => {
    expect((await ask('PUT', '/api/voice/templates/no-parking', template)).status).toBe(200);
    const changed = { ...template, name: '禁止停车' };
    await ask('PUT', '/api/voice/templates/no-parking', changed);
    expect((await ask('GET', '/api/voice')).answer).toMatchObject({
      templates: [{ templateId: 'no-parking', ...changed }],
    });
    const announcement = { kind: 'template', templateId: 'no-parking', language: 'en' };
    const heard = await ask('POST', '/api/voice/preview', { announcement });
    expect(readWav(heard.bytes).samples.length).toBeGreaterThan(16000);

    await rulesThatSay(announcement);
    expect((await ask('DELETE', '/api/voice/templates/no-parking')).status).toBe(409);
    await rulesThatSay({ kind: 'speech', text: '走', language: 'zh-CN' });
    expect((await ask('DELETE', '/api/voice/templates/no-parking')).status).toBe(200);
    expect((await ask('POST', '/api/voice/preview', { announcement })).status).toBe(404);
  });

  test.each([
    ['a placeholder for a person', { 'zh-CN': '{name}，请离开' }, 'no placeholder {name}'],
    ['an open brace', { en: 'Leave {lane' }, 'not closed'],
    ['an identity number', { 'zh-CN': '11010519491231002X请离开' }, 'identity number'],
    ['no text at all', {}, ''],
  ])('with %s is refused', async (_what, wrong, reason) => {
    const answer = await ask('PUT', '/api/voice/templates/wrong', { name: '错', texts: wrong });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.answer)).toContain(reason);
  });
});

test('what is being said for an alarm is stopped, and what is over cannot be', async () => {
  await rulesThatSay({ kind: 'speech', text: '请离开', language: 'zh-CN' });
  const nowMs = Date.now();
  const event = crossingEvent(1, { capturedAtMs: nowMs, cameraId: 'lane-1' });
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `new-${ids}`;
  };
  await store.fileEvents(
    [event],
    (one, context) => decideAlarm({ event: one, context, speakerId: 'horn', nowMs, newId }),
    nowMs,
  );
  const [alarm] = await store.alarms({ limit: 1 });
  expect(alarm?.announcement).toMatchObject({ state: 'queued', wording: '请离开' });
  const path = `/api/alarms/${alarm?.alarmId}/stop-announcement`;
  expect((await ask('POST', path)).status).toBe(200);
  expect(stopped).toEqual([alarm?.announcement?.announcementId]);
  expect((await ask('POST', path)).status).toBe(409);
  expect((await ask('POST', '/api/alarms/nowhere/stop-announcement')).status).toBe(404);
});
