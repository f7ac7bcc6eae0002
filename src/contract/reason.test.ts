/** Every reason's sentence is read back as the reason that made it, and nothing else is taken for one. */
import { expect, it } from 'vitest';
import {
  fillIn,
  joinParts,
  type ReasonCode,
  readReason,
  reasonSentences,
  splitParts,
} from './reason.ts';

const codes = Object.keys(reasonSentences) as ReasonCode[];
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{([a-zA-Z0-9]+)\}/g)].map(([, name = '']) => name);
const values: Readonly<Record<string, string>> = {
  place: 'rtsp://10.0.7.21:554/Streaming/101',
  what: 'does not speak RTSP; check the port',
  said: '486 Busy Here',
  error: 'EIO: no disk (5); try again',
  parts: '东口音柱: the speaker at 10.0.7.9:5060 is busy (486 Busy Here)',
};

it.each(codes)('reads %s back with its facts', (code) => {
  const facts = Object.fromEntries(
    namesIn(reasonSentences[code]).map((name, at) => [name, values[name] ?? `${name}-${at}`]),
  );
  // A name that stands twice is the same both times.
  for (const name of Object.keys(facts)) facts[name] = values[name] ?? `${name}-7`;
  expect(readReason(fillIn(reasonSentences[code], facts))).toEqual({ code, facts });
});

it.each([
  '',
  'the moon is full',
  'camera lane-east is away',
  'camera lane-east: the moon is full',
  `the speaker at ${'x'.repeat(3000)} is busy (486)`,
])('takes %j for no reason of the list', (sentence) => {
  expect(readReason(sentence)).toBeUndefined();
});

it('keeps what each speaker of a zone said apart', () => {
  const parts = [
    { name: '东口音柱', why: 'the speaker at 10.0.7.9:5060 is busy (486 Busy Here)' },
    { name: 'west', why: 'withheld' },
  ];
  expect(splitParts(joinParts(parts))).toEqual(parts);
  expect(splitParts('no part at all')).toBeUndefined();
});
