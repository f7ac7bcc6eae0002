/**
 * An empty lane whose pictures arrive broken in every way, before a real box with rules all over the picture: nobody may be
 * seen in grey and smeared pictures, and nobody may be said to have meddled with the camera. A whole camera beside them, with
 * people, shows that the rules fire.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { benchClips } from '../../src/bench/bench-clips.ts';
import { createRtspServer } from '../../src/demo/rtsp-server.ts';
import { flipBits, losePackets } from '../../src/testing/stream-harm.ts';
import { startFaultBox } from './fault-box.ts';
import { rulesEverywhere } from './rules-everywhere.ts';

export type CorruptFigures = Readonly<{
  seconds: number;
  /** By camera: events that any rule fired, and tamperings. */
  ruleEvents: Readonly<Record<string, number>>;
  tamperings: Readonly<Record<string, number>>;
  /** Pictures that were damaged or lost packets, by camera. */
  damaged: Readonly<Record<string, number>>;
  eventsOfPeople: number;
}>;

const cleanSeconds = 15;
const clip = 'test-fixtures/clips/town-square.mp4';

export async function corruptStreams(
  seconds: number,
  say: (line: string) => void,
): Promise<CorruptFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-corrupt-'));
  const { quiet } = await benchClips(clip, say);
  let isBroken = false;
  const harmed = (path: string, file: string, harm: (packet: Buffer) => readonly Buffer[]) => ({
    ...{ path, file },
    onTheWay: (packet: Buffer) => (isBroken ? harm(packet) : [packet]),
  });
  const cameras = [
    harmed('few-bits', quiet, flipBits(0.0005)),
    harmed('fewer-bits', quiet, flipBits(0.00002)),
    harmed('lost-packets', quiet, losePackets(0.05)),
    harmed('few-lost', quiet, losePackets(0.005)),
    { path: 'bad-encoder', file: noisy(quiet, join(folder, 'noisy.mp4')) },
  ];
  const server = createRtspServer({ cameras });
  const { url } = await server.start();
  const names = cameras.map(({ path }) => path);
  const others = names.map((path) => ({ cameraId: path, source: url(path) }));
  const box = await startFaultBox(1, others, { rules: rulesEverywhere });
  try {
    // So that what a whole picture of the lane looks like is known.
    await wait(cleanSeconds * 1000);
    isBroken = true;
    await wait(seconds * 1000);
    isBroken = false;
    await wait(cleanSeconds * 1000);
    const figures = await box.edge.figures();
    const damagedOf = (camera: string): number =>
      ['decode_errors', 'harmed_pictures'].reduce(
        (sum, one) =>
          sum + (figures.get(`haoguanjia_camera_${one}_total{camera="${camera}"}`) ?? 0),
        0,
      );
    const count = (cameraId: string, kinds: RegExp): number =>
      box.events.filter((event) => event.cameraId === cameraId && kinds.test(event.kind)).length;
    const each = (of: (camera: string) => number) =>
      Object.fromEntries(names.map((camera) => [camera, of(camera)]));
    return {
      seconds,
      ruleEvents: each((camera) => count(camera, ofRules)),
      tamperings: each((camera) => count(camera, /^camera-tampered$/)),
      damaged: each(damagedOf),
      eventsOfPeople: count('cam-1', ofRules),
    };
  } finally {
    await box.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const ofRules = /^(?:tripwire|zone|watch|crowd|pass|place|dwell)/;

export function corruptFaults(figures: CorruptFigures): readonly string[] {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((all, one) => all + one, 0);
  const wrong: readonly (readonly [boolean, string])[] = [
    [sum(figures.ruleEvents) > 0, 'rules fired where nobody was'],
    [sum(figures.tamperings) > 0, 'cameras were said to have been meddled with'],
    [Object.values(figures.damaged).includes(0), 'a stream that was broken was taken for whole'],
    [figures.eventsOfPeople === 0, 'no rule fired where people were'],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [`corrupt streams: ${sentence}`] : []));
}

/** Bytes of the coded pictures are changed here and there, as a camera with bad memory does. */
function noisy(clipFile: string, to: string): string {
  const options = `-nostdin -v error -y -i ${clipFile} -c copy -bsf:v noise=amount=50000 ${to}`;
  const { status, stderr } = spawnSync('ffmpeg', options.split(' '), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the broken clip could not be made: ${stderr}`);
  return to;
}
