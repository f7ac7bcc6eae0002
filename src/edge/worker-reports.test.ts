/** What the main thread writes of a camera (P7: never its password), and which snapshot goes to which event. */
import fc from 'fast-check';
import pino from 'pino';
import { expect, test } from 'vitest';
import type { EventDraft } from '../contract/rule-event.ts';
import { crossingDraft } from '../testing/events.ts';
import { anyPassword, passwordMarks } from '../testing/passwords.ts';
import { describeEnd, describeSilence, type RelayFailure } from './camera/camera-failure.ts';
import { readCameraSource } from './camera/camera-source.ts';
import { createWorkerReports } from './worker-reports.ts';

const met: readonly (RelayFailure | undefined)[] = [
  undefined,
  { kind: 'unauthorized', hadCredentials: true },
  { kind: 'unreachable', code: 'EHOSTUNREACH' },
  { kind: 'refused', status: 454, reason: 'Session Not Found' },
  { kind: 'untrusted', detail: 'CERT_HAS_EXPIRED' },
];

/** All that the worker would say of a camera with this address, as the box writes it into its log. */
function logOf(camera: Readonly<{ source: string; username?: string; password?: string }>): string {
  const written: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => written.push(line) });
  const reports = createWorkerReports({
    states: { changed: () => undefined, warned: () => undefined, pulse: () => undefined },
    ruleBook: { applied: () => undefined },
    uplink: {
      report: () => {
        throw new Error('no room');
      },
      attachSnapshot: () => undefined,
    },
    trackLog: { append: () => undefined },
    onLeaving: () => undefined,
    onChange: () => undefined,
    logger,
  } as unknown as Parameters<typeof createWorkerReports>[0]);
  const read = readCameraSource({ cameraId: 'gate', ...camera });
  const tell = (reason: string): void => {
    reports.take('gate', { kind: 'state', state: 'offline', reason, atMs: 0 });
    reports.take('gate', { kind: 'warnings', sentences: [reason] });
  };
  if (!read.ok) tell(read.reason);
  else {
    const place = { cameraId: 'gate', place: read.source.place };
    // ffmpeg writes the whole address into its errors.
    const said = [`${camera.source}: Invalid data found when processing input`];
    for (const failure of met) tell(describeEnd(place, failure, said).reason);
    tell(describeSilence(place, 5, said).reason);
    tell(describeSilence(place, 5).reason);
  }
  expect(written.length).toBeGreaterThan(0);
  return written.join('');
}

test('no line of the log tells the password of a camera, wherever it was written', () => {
  fc.assert(
    fc.property(anyPassword, fc.string({ unit: 'grapheme', minLength: 1 }), (secret, user) => {
      const [name, word] = [encodeURIComponent(user), encodeURIComponent(secret)];
      const basic = Buffer.from(`${user}:${secret}`).toString('base64');
      for (const camera of [
        { source: `rtsp://${name}:${word}@10.0.0.5/cam` },
        { source: `rtsp://${user}:${secret}@10.0.0.5/cam` },
        { source: `${user}:${secret}@10.0.0.5/cam` },
        { source: `rtsp://10.0.0.5/cam?user=${name}&password=${word}` },
        { source: `rtsp://10.0.0.5/cam/password=${word}/1` },
        { source: 'rtsp://10.0.0.5/cam', username: user, password: secret },
      ]) {
        const log = logOf(camera);
        expect(log).not.toMatch(passwordMarks);
        expect(log).not.toContain(basic);
      }
    }),
    { numRuns: 300 },
  );
});

test('the snapshot of an event that could not be kept goes to no other, though a dead worker owed one under its number', () => {
  const attached: string[] = [];
  let kept = 0;
  const reports = createWorkerReports({
    uplink: {
      report: (draft: EventDraft) => {
        kept += 1;
        if (kept > 1) throw new Error('no room');
        return { ...draft, eventId: `event-${kept}` };
      },
      attachSnapshot: (eventId: string) => attached.push(eventId),
    },
    logger: pino({ level: 'silent' }),
  } as unknown as Parameters<typeof createWorkerReports>[0]);
  const event = { kind: 'event', reportId: 1, draft: crossingDraft() } as const;
  reports.take('gate', event);
  reports.take('gate', event);
  reports.take('gate', { kind: 'snapshot', reportId: 1, jpeg: new Uint8Array(1) });
  expect(attached).toEqual([]);
});
