/** What the lane hears of what a rule wants said. */
import { describe, expect, test } from 'vitest';
import { canBePrepared, wordingOf } from './wording.ts';

const templates = [
  { templateId: 'move', name: '', texts: { 'zh-CN': '{lane}的{camera}', en: 'Leave {lane}' } },
  { templateId: 'clock', name: '', texts: { 'zh-CN': '现在{time}' } },
];
/** 22:05 in China. */
const atMs = 1_795_529_100_000;
const facts = { templates, place: { name: '1号口', lane: '东大街' }, atMs };

describe('a template', () => {
  test.each([
    ['move', 'zh-CN', { kind: 'speech', text: '东大街的1号口', language: 'zh-CN' }],
    ['move', 'en', { kind: 'speech', text: 'Leave this lane', language: 'en' }],
    ['clock', 'zh-CN', { kind: 'speech', text: '现在22:05', language: 'zh-CN' }],
    ['clock', 'en', { kind: 'speech', text: '现在22:05', language: 'zh-CN' }],
    ['nowhere', 'zh-CN', undefined],
  ] as const)('%s in %s is filled in', (templateId, language, heard) => {
    expect(wordingOf({ kind: 'template', templateId, language }, facts)).toEqual(heard);
  });
});

test('a place without names is called here', () => {
  const wanted = { kind: 'speech', text: 'Leave {lane}, {camera}', language: 'en' } as const;
  expect(wordingOf(wanted, { templates, place: {}, atMs })).toMatchObject({
    text: 'Leave this lane, this place',
  });
});

test('only words that are the same at every time can be prepared ahead', () => {
  const clock = { kind: 'template', templateId: 'clock', language: 'zh-CN' } as const;
  expect(canBePrepared(clock, templates)).toBe(false);
  expect(canBePrepared({ ...clock, templateId: 'move' }, templates)).toBe(true);
  expect(canBePrepared({ kind: 'recording', name: 'a' }, templates)).toBe(true);
});
