/** The small rules of what a stream may bring: damage, floods, descriptions, missing hardware. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFloodLimit } from './flood-limit.ts';
import { createFrameMaker } from './frame-maker.ts';
import { createHardwareDecoding } from './hardware-decoding.ts';
import { createPacketGaps } from './packet-gaps.ts';
import { createPictureLines } from './picture-lines.ts';
import { offeredVideo } from './session-description.ts';
import { createStreamQuality } from './stream-quality.ts';

describe('damaged pictures', () => {
  const head = '[showinfo@size @ 0x55]';

  test('are those whose line follows the decoder’s complaint, and no others', () => {
    const lines = createPictureLines();
    lines.read(`${head} config in time_base: 1/1000, frame_rate: 10/1`);
    const first = `${head} n:   0 pts: 100 pts_time:1 pos: -1 fmt:yuv420p sar:0/1 s:64x48 i:P iskey:0 `;
    expect(lines.read(first)).toBe('noted');
    const line = (stage: 'decoded' | 'passed-on', pts: number): string => {
      expect(lines.read(`frame:7    pts:${pts}     pts_time:${pts / 1000}`)).toBe('noted');
      return `haoguanjia.${stage}=1`;
    };
    const damaged = (text: string) => {
      const read = lines.read(text);
      return typeof read === 'object' ? read.damaged : read;
    };
    expect(damaged(line('decoded', 100))).toBe(false);
    expect(damaged('rtsp://127.0.0.1:1/x: corrupt decoded frame in stream 0')).toBe('noted');
    expect(damaged(line('decoded', 200))).toBe(true);
    expect(damaged(line('passed-on', 200))).toBe(true);
    expect(damaged(line('decoded', 300))).toBe(false);
    expect(damaged(line('passed-on', 300))).toBe(false);
    // As a later ffmpeg says it, and as a stream's own title does.
    expect(damaged('[vist#0:0/h264 @ 0x55] corrupt decoded frame')).toBe('noted');
    expect(damaged(line('decoded', 400))).toBe(true);
    expect(damaged('    title : corrupt decoded frame')).toBeUndefined();
    expect(damaged(line('decoded', 500))).toBe(false);
    const size = { sourceWidth: 64, sourceHeight: 48 };
    expect(lines.read(line('passed-on', 500))).toMatchObject({ streamTimeMs: 500, ...size });
  });

  test('are counted as decoded and never analysed', () => {
    const frames = createFrameMaker('gate', 5);
    const decoded = (streamTimeMs: number, damaged: boolean): number | undefined => {
      const size = { sourceWidth: 64, sourceHeight: 48 };
      const at = { monotonicMs: streamTimeMs, wallMs: streamTimeMs };
      frames.decoded({ stage: 'decoded', streamTimeMs, damaged, ...size }, at);
      return frames.choose()?.frameNumber;
    };
    expect([
      decoded(0, true),
      decoded(200, false),
      decoded(400, true),
      decoded(600, false),
    ]).toEqual([undefined, 2, undefined, 4]);
  });

  test('are worth a word above five percent, until they are below two', () => {
    const quality = createStreamQuality();
    let now = 0;
    const stretch = (every: number): number | undefined => {
      for (let picture = 0; picture < 250; picture += 1) {
        now += 100;
        quality.decoded(picture % every === every - 1, now);
      }
      return quality.damagedPercent();
    };
    expect(stretch(1000)).toBeUndefined();
    expect(stretch(30)).toBeUndefined();
    expect(stretch(8)).toBeGreaterThanOrEqual(9);
    expect(stretch(30)).toBeGreaterThan(1);
    expect(stretch(1000)).toBeUndefined();
  });
});

test('pictures without a mark that lost packets, and packets without a picture, are damaged as well', () => {
  const [lossy, broken] = [createStreamQuality(), createStreamQuality()];
  for (let at = 0; at < 110; at += 1) {
    lossy.decoded(false, at * 100);
    if (at % 5 === 0) lossy.harmed(1, at * 100);
    broken.decoded(false, at * 100);
    if (at % 4 === 0) broken.undecodable(at * 100);
  }
  expect(lossy.damagedPercent()).toBeGreaterThan(15);
  expect(broken.damagedPercent()).toBeGreaterThan(15);
});

describe('the holes in a stream', () => {
  const packet = (sequence: number, time: number, channel = 0): Buffer => {
    const bytes = Buffer.alloc(4 + 12 + 5);
    bytes.set([0x24, channel, 0, 17, 0x80, 96]);
    bytes.writeUInt16BE(sequence % 65_536, 6);
    bytes.writeUInt32BE(time, 8);
    return bytes;
  };
  const harmedBy = (...packets: readonly Buffer[]): number => {
    let pictures = 0;
    const gaps = createPacketGaps((harmed) => {
      pictures += harmed;
    });
    // As they come: some together, some alone.
    gaps.taken(Buffer.concat(packets.slice(0, 2)));
    for (const one of packets.slice(2)) gaps.taken(one);
    return pictures;
  };

  test('are none where every packet comes, over the wrap of the count as well', () => {
    const whole = [65_533, 65_534, 65_535, 65_536, 65_537].map((at) => packet(at, at));
    expect(harmedBy(...whole)).toBe(0);
  });

  test('are counted by pictures, however many packets of one are missing', () => {
    const times = [
      [1, 10],
      [3, 10],
      [5, 10],
      [6, 20],
      [9, 30],
    ] as const;
    expect(harmedBy(...times.map(([sequence, time]) => packet(sequence, time)))).toBe(2);
  });

  test('are not a camera that counts anew, nor its reports on the other channel', () => {
    const reports = [packet(1, 1, 1), packet(9, 2, 1)];
    expect(harmedBy(packet(1, 10), packet(40_000, 20), packet(40_001, 30), ...reports)).toBe(0);
  });

  test('are looked for in any bytes without a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        createPacketGaps(() => undefined).taken(Buffer.from(bytes));
      }),
    );
  });
});

describe('the flood limit', () => {
  test('lets no one read more than a burst and its rate, however the bytes come', () => {
    const step = fc.record({
      bytes: fc.integer({ min: 1, max: 200_000 }),
      passedMs: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 300, maxLength: 400 }), (steps) => {
        const limit = createFloodLimit();
        let [now, read] = [0, 0];
        for (const { bytes, passedMs } of steps) {
          now += passedMs;
          read += bytes;
          now += limit.taken(bytes, now);
          expect(read).toBeLessThanOrEqual(16_000_000 + 200_000 + now * 8000);
        }
      }),
    );
  });

  test('never makes a camera wait that sends sixteen megabits a second', () => {
    const limit = createFloodLimit();
    for (let ms = 0; ms < 60_000; ms += 100) expect(limit.taken(200_000, ms)).toBe(0);
  });
});

describe('a session description', () => {
  const session = 'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\n';
  const audio = 'm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n';
  const video = (name: string): string => `m=video 0 RTP/AVP 96\r\na=rtpmap:96 ${name}/90000\r\n`;

  test.each([
    [`${session}${audio}${video('H264')}`, { kind: 'decodable' }],
    [`${session}${video('h265')}`, { kind: 'decodable' }],
    [`${session}m=video 0 RTP/AVP 26\r\n`, { kind: 'decodable' }],
    [`${session}${video('X-OWN')}${video('H264')}`, { kind: 'decodable' }],
    [`${session}${audio}`, { kind: 'no-video' }],
    ['', { kind: 'no-video' }],
    [`${session}${video('SVAC 2')}`, { kind: 'codec', name: 'SVAC?2' }],
  ])('of %j offers %j', (description, offer) => {
    expect(offeredVideo(description)).toEqual(offer);
  });

  test('of any text is judged without a fault, in few words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const offer = offeredVideo(`${text}\nm=video 0\na=rtpmap:96 ${text}`);
        if (offer.kind === 'codec') expect(offer.name).toMatch(/^[\w.+?-]{1,32}$/);
      }),
    );
  });
});

describe('hardware decoding', () => {
  const said = (...lines: readonly string[]) => {
    const warnings: string[] = [];
    const hardware = createHardwareDecoding('gate', 'vaapi', (sentence) => warnings.push(sentence));
    for (const line of lines) hardware.line(line);
    return { warnings, next: hardware.next(), gaveUp: [hardware.gaveUp(), hardware.gaveUp()] };
  };

  test('goes on while nothing is wrong with it', () => {
    expect(said('Stream mapping:')).toEqual({
      warnings: [],
      next: 'vaapi',
      gaveUp: [false, false],
    });
  });

  test('is given up once, with the cause, when there is no device', () => {
    const { warnings, next, gaveUp } = said(
      '[AVHWDeviceContext @ 0x1] No VA display found for device /dev/dri/renderD128.',
      'Device creation failed: -22.',
      '[h264 @ 0x2] No device available for decoder: device type vaapi needed for codec h264.',
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^camera gate: vaapi hardware .*renderD128.*; /),
    ]);
    expect(next).toBeUndefined();
    expect(gaveUp).toEqual([true, false]);
  });

  test('that ffmpeg leaves by itself is told too', () => {
    const { warnings, gaveUp } = said(
      '[hevc @ 0x2] Failed setup for format vaapi: hwaccel initialisation returned error.',
    );
    expect(warnings).toEqual([expect.stringMatching(/vaapi hardware cannot decode this stream/)]);
    expect(gaveUp).toEqual([false, false]);
  });
});
