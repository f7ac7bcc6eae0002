/** The page of a deletion certificate says all of it in words, in both languages. */
import { describe, expect, test } from 'vitest';
import { deletionEn } from '../i18n/deletion-en.ts';
import { deletionZh } from '../i18n/deletion-zh.ts';
import { certificateFacts, readCertificate } from './certificate-facts.ts';

const certificate = {
  items: 1234,
  counts: { events: 1000, snapshots: 200, clips: 34 },
  cameras: { 'cam-9': { clips: 4 }, 'cam-1': { events: 1000, snapshots: 200, clips: 30 } },
  oldestMs: Date.UTC(2026, 6, 1, 12),
  newestMs: Date.UTC(2026, 7, 1, 12),
  rule: {
    profile: 'cn',
    days: { events: 30, snapshots: 30, clips: 30 },
    cameras: { 'cam-9': { events: 60, snapshots: 60, clips: 60 } },
  },
  forSpace: 2,
  sha256: 'ab'.repeat(32),
};
const row = { number: 77, atMs: Date.UTC(2026, 8, 1, 12) };

describe('a deletion certificate', () => {
  test('is read from its row; anything else is shown as it is', () => {
    expect(readCertificate(JSON.stringify(certificate))).toEqual(certificate);
    for (const other of [undefined, '', 'null', '{', '{"reason":"x"}'])
      expect(readCertificate(other)).toBeUndefined();
  });

  test.each([
    [
      'English',
      deletionEn,
      'Events 1000 · Snapshots 200 · Clips 34',
      'Camera cam-1',
      'cam-9 keeps',
    ],
    ['Chinese', deletionZh, '事件 1000 · 抓拍 200 · 录像 34', '摄像机 cam-1', 'cam-9 的保存期限'],
  ] as const)(
    'says in %s how many, of which cameras, by which rule, and how to check it',
    (_, words, counts, camera, exception) => {
      const facts = new Map(
        certificateFacts(row, certificate, words).map(({ label, text }) => [label, text]),
      );
      expect(facts.get(words.row)).toBe('77');
      expect(facts.get(words.counts)).toBe(counts);
      expect(facts.get(camera)).toContain('30');
      expect(facts.get(words.profile)).toMatch(/30/);
      expect(facts.get(exception)).toContain('60');
      expect(facts.get(words.forSpace)).toBe('2');
      expect(facts.get(words.hash)).toBe(certificate.sha256);
      expect(facts.get(words.stored)).toMatch(/2026-07-01.*2026-08-01/);
      const page = [...facts].flat().join(' ');
      expect(page).not.toMatch(/[{}"]|undefined|NaN/);
    },
  );
});
