/** Streams that arrive broken in every way, on real ffmpeg and real RTSP: what is said of them, and how soon they are well again. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { flipBits, losePackets, randomBytes, rtpHeadBytes } from '../../testing/stream-harm.ts';
import { type Camera, createCamera, type StreamFault } from './camera.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
let broken = true;
let server: RtspServer;
let url: (path: string) => string;
let cameras: Camera[] = [];
/** Key frames that each camera has sent whole. */
const keyFrames = new Map<string, number>();

function served(path: string, harm: (packet: Buffer) => readonly Buffer[]) {
  const onTheWay = (packet: Buffer): readonly Buffer[] => {
    if (broken) return harm(packet);
    if (carriesParameterSets(packet)) keyFrames.set(path, (keyFrames.get(path) ?? 0) + 1);
    return [packet];
  };
  return { path, file: clip, onTheWay };
}

beforeAll(async () => {
  server = createRtspServer({
    cameras: [
      served('few-bits', flipBits(0.0005)),
      served('many-bits', flipBits(0.005)),
      served('lost-packets', losePackets(0.05)),
      served('random-bytes', randomBytes()),
      {
        ...served('cut-parameters', cutParameterSets),
        onDescription: (text) => (broken ? cutDescription(text) : text),
      },
    ],
  });
  ({ url } = await server.start());
});
afterEach(async () => {
  await Promise.all(cameras.map((camera) => camera.stop()));
  cameras = [];
});
afterAll(async () => {
  await server.stop();
});

function watch(path: string) {
  const told = { frames: 0, states: [] as string[], reason: '', faults: new Map<string, number>() };
  const camera = createCamera(
    { cameraId: path, source: url(path), analysisFps: 5 },
    {
      onFrame: () => {
        told.frames += 1;
      },
      onState: (state, reason = '') => {
        told.states.push(state);
        told.reason = reason;
      },
      onFault: (fault) => void told.faults.set(fault, (told.faults.get(fault) ?? 0) + 1),
    },
  );
  cameras.push(camera);
  camera.start();
  const count = (fault: StreamFault): number => told.faults.get(fault) ?? 0;
  return { path, told, count };
}

test('flipped bits, lost packets, random bytes and cut parameter sets are counted, said, left out, and forgotten', async () => {
  broken = true;
  keyFrames.clear();
  const [fewBits, manyBits, lostPackets, randomBytes, cutParameters] = [
    ...['few-bits', 'many-bits', 'lost-packets', 'random-bytes', 'cut-parameters'].map(watch),
  ] as [Watched, Watched, Watched, Watched, Watched];

  for (const { told } of [fewBits, manyBits, lostPackets]) {
    await vi.waitFor(() => expect(told.states.at(-1)).toBe('degraded'), { timeout: 25_000 });
    expect(told.reason).toMatch(
      /^camera [\w-]+: about \d+ % of the pictures from rtsp:\S+ are damaged and left out; check/,
    );
  }
  // No word of life from bytes of which no picture can be made.
  for (const { told } of [randomBytes, cutParameters]) {
    await vi.waitFor(() => expect(told.states.at(-1)).toMatch(/stalled|offline/), {
      timeout: 25_000,
    });
    expect(told.states).not.toContain('live');
    expect(told.frames).toBe(0);
  }
  // Nearly every picture was damaged, and none of those was handed on.
  expect(manyBits.count('decode-error')).toBeGreaterThan(40);
  expect(manyBits.told.frames).toBeLessThan(5);
  expect(fewBits.count('decode-error')).toBeGreaterThan(10);
  expect(randomBytes.count('decode-error')).toBeGreaterThan(10);
  expect(lostPackets.count('packets-lost')).toBeGreaterThan(10);
  expect(lostPackets.told.frames).toBeGreaterThan(20);

  broken = false;
  /** Key frames until a picture is handed on again. */
  const recovery = async ({ told, path }: Watched): Promise<number> => {
    const before = told.frames;
    await vi.waitFor(() => expect(told.frames).toBeGreaterThan(before), {
      timeout: 25_000,
      interval: 20,
    });
    return keyFrames.get(path) ?? 0;
  };
  const groups = await Promise.all([fewBits, manyBits, lostPackets].map(recovery));
  expect(Math.max(...groups)).toBeLessThanOrEqual(2);
  // These are opened anew: found silent and tried again.
  await Promise.all([randomBytes, cutParameters].map(recovery));
  await vi.waitFor(
    () =>
      expect(
        [fewBits, manyBits, lostPackets, randomBytes, cutParameters].map(({ told }) =>
          told.states.at(-1),
        ),
      ).toEqual(Array(5).fill('live')),
    { timeout: 25_000 },
  );
});

type Watched = ReturnType<typeof watch>;

/** The packet that carries the parameter sets, cut within the first of them. */
function cutParameterSets(packet: Buffer): readonly Buffer[] {
  return [carriesParameterSets(packet) ? packet.subarray(0, rtpHeadBytes + 7) : packet];
}

/** RFC 6184: they travel together in one packet, before each key frame. */
function carriesParameterSets(packet: Buffer): boolean {
  const type = (packet[rtpHeadBytes] ?? 0) & 0x1f;
  return type === 24 || type === 7;
}

function cutDescription(text: string): string {
  return text.replace(/(sprop-parameter-sets=\w{8})[^;\r\n]*/, '$1');
}
