/** RTSP messages and interleaved frames out of a stream of bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRtspReader,
  formatRtspMessage,
  headerOf,
  headersOf,
  RtspFramingError,
  type RtspMessage,
  type RtspUnit,
} from './rtsp-message.ts';

const describeRequest: RtspMessage = {
  kind: 'request',
  method: 'DESCRIBE',
  url: 'rtsp://10.0.0.5/cam1',
  headers: [['CSeq', '2']],
  body: Buffer.alloc(0),
};
const answer: RtspMessage = {
  kind: 'response',
  status: 200,
  reason: 'OK',
  headers: [
    ['CSeq', '2'],
    ['Content-Length', '5'],
  ],
  body: Buffer.from('v=0\r\n'),
};
const interleaved = (channel: number, length: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x24, channel, length >> 8, length & 0xff]),
    Buffer.alloc(length, 0x24),
  ]);

/** Joins runs, whose borders depend on how the bytes were cut. */
function joined(units: readonly RtspUnit[]): readonly unknown[] {
  const result: unknown[] = [];
  for (const unit of units) {
    const last = result.at(-1);
    if (unit.kind === 'interleaved' && Buffer.isBuffer(last)) {
      result[result.length - 1] = Buffer.concat([last, unit.bytes]);
    } else {
      result.push(unit.kind === 'interleaved' ? Buffer.from(unit.bytes) : unit);
    }
  }
  return result;
}

describe('the RTSP reader', () => {
  test('reads requests, answers with bodies and interleaved frames however the bytes are cut', () => {
    const frames = Buffer.concat([interleaved(0, 300), interleaved(1, 0), interleaved(0, 1400)]);
    const bytes = Buffer.concat([
      formatRtspMessage(describeRequest),
      formatRtspMessage(answer),
      frames,
      formatRtspMessage(describeRequest),
    ]);
    const expected = [describeRequest, answer, frames, describeRequest].map((unit) =>
      Buffer.isBuffer(unit) ? unit : withLength(unit),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sizes) => {
        const reader = createRtspReader();
        const units: RtspUnit[] = [];
        for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          units.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(joined(units)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('overlooks line breaks between messages', () => {
    const bytes = Buffer.concat([Buffer.from('\r\n\r\n'), formatRtspMessage(describeRequest)]);
    expect(createRtspReader().push(bytes)).toEqual([describeRequest]);
  });

  test('finds headers whatever their case, and all of one name', () => {
    const [unit] = createRtspReader().push(
      Buffer.from(
        'RTSP/1.0 401 Unauthorized\r\ncseq: 3\r\nWWW-Authenticate: a\r\nwww-authenticate: b\r\n\r\n',
      ),
    );
    if (unit?.kind !== 'response') throw new Error('an answer was expected');
    expect(headerOf(unit, 'CSeq')).toBe('3');
    expect(headersOf(unit, 'WWW-Authenticate')).toEqual(['a', 'b']);
  });

  test.each([
    { what: 'another protocol', bytes: 'HTTP/1.1 200 OK\r\n\r\n' },
    { what: 'a header line without a colon', bytes: 'RTSP/1.0 200 OK\r\nnonsense\r\n\r\n' },
    {
      what: 'a body that is too long',
      bytes: 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n',
    },
    { what: 'a length that is no number', bytes: 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n' },
    { what: 'a head without an end', bytes: `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(70_000)}` },
  ])('refuses $what', ({ bytes }) => {
    expect(() => createRtspReader().push(Buffer.from(bytes))).toThrow(RtspFramingError);
  });

  test('throws nothing but framing errors on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          createRtspReader().push(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RtspFramingError);
        }
      }),
    );
  });
});

function withLength(message: RtspMessage): RtspMessage {
  return { ...message, body: Buffer.from(message.body) };
}
