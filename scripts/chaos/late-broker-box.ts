/**
 * The broker comes long after a real box that sees a real camera: the box starts, detects, keeps what it saw, and lets it go
 * when the broker is there. Its numbers have no gaps, so what is missing at the centre shows there.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EdgeUnderTest, startEdge } from '../../src/bench/edge-under-test.ts';
import { freePort } from '../../src/testing/mosquitto.ts';
import { brokerProgram, collectorProgram } from '../harness/centre.ts';
import { edgePassword } from '../harness/edge-account.ts';
import { pathWire } from '../harness/path-wire.ts';
import { createProgram, eventually, type Program } from '../harness/program.ts';
import { broken, pause, type Scenario } from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

const edgeId = 'edge-1';
const clip = 'test-fixtures/clips/town-square.mp4';
const drainWithinMs = 120_000;
const drainLimitSeconds = 10;

export const lateBrokerBox: Scenario = async ({ folder, broker: kind, seconds }) => {
  const place = { folder, port: await freePort() };
  const broker = brokerProgram(kind, place, 1);
  const collector = collectorProgram(place);
  const camera = createCamera();
  let edge: EdgeUnderTest | undefined;
  try {
    collector.start();
    edge = await startBox(place.port, await camera.address());
    const { dataFolder } = edge;
    const outbox = join(dataFolder, 'outbox.sqlite');
    await pause(seconds * 1000);
    const kept = keptIn(outbox);
    const isSeeing = await hasPictures(edge);
    broker.start();
    const from = performance.now();
    const isDrained = await eventually(() => missing(folder, kept.last) === 0, drainWithinMs);
    const drainSeconds = Math.round((performance.now() - from) / 100) / 10;
    // What was seen since then has to come too.
    await camera.program.end('SIGTERM');
    const all = (): number => keptIn(outbox).last;
    await eventually(() => missing(folder, all()) === 0, drainWithinMs);
    const given = all();
    const figures = {
      ...{ seconds, keptMeanwhile: kept.last, crossingsMeanwhile: kept.crossings, given },
      ...{ stored: given - missing(folder, given), lost: missing(folder, given) },
      duplicates: duplicates(folder),
      drainSeconds,
      crashes: collector.crashes() + Number(edge.ended() !== undefined),
    };
    return {
      figures,
      broken: broken({
        'the box gave no pictures without the broker': !isSeeing,
        'nothing crossed while the broker was away': kept.crossings === 0,
        [`${figures.lost} events were lost`]: figures.lost > 0,
        [`${figures.duplicates} rows are there twice`]: figures.duplicates > 0,
        [`${figures.crashes} programs ended by themselves`]: figures.crashes > 0,
        [`draining took ${drainSeconds} s`]: !isDrained || drainSeconds > drainLimitSeconds,
      }),
    };
  } finally {
    await edge?.stop();
    for (const program of [camera.program, collector, broker]) await program.end('SIGTERM');
  }
};

const startBox = (port: number, source: string): Promise<EdgeUnderTest> =>
  startEdge({
    ...{ edgeId, brokerUrl: `mqtt://127.0.0.1:${port}`, password: edgePassword },
    ...{ cameras: [{ cameraId: 'cam-1', source }], rules: pathWire, analysisFps: 5 },
    detector: {
      ...{ manifest: 'models/nanodet-416x320-int8.manifest.json', threads: 1 },
      looks: 'adaptive',
    },
  });

function createCamera(): Readonly<{ program: Program; address: () => Promise<string> }> {
  let say: (address: string) => void = () => undefined;
  const address = new Promise<string>((resolve) => {
    say = resolve;
  });
  const program = createProgram({
    name: 'camera',
    command: () => [process.execPath, 'scripts/faults/camera-process.ts', '0', clip],
    onLine: (line) => say(line),
  });
  return {
    program,
    address: () => {
      program.start();
      return address;
    },
  };
}

async function hasPictures(edge: EdgeUnderTest): Promise<boolean> {
  const figures = await edge.figures().catch(() => new Map<string, number>());
  return figures.get('haoguanjia_camera_up{camera="cam-1"}') === 1;
}

/** The box goes on writing meanwhile. */
function keptIn(outbox: string): Readonly<{ last: number; crossings: number }> {
  const database = new DatabaseSync(outbox, { readOnly: true });
  try {
    const numbers = database.prepare("select value from counter where name = 'sequence'").get();
    const crossings = database
      .prepare(
        "select count(*) as count from outbox where json_extract(event, '$.kind') = 'tripwire-crossed'",
      )
      .get();
    return { last: Number(numbers?.['value'] ?? 0), crossings: Number(crossings?.['count'] ?? 0) };
  } finally {
    database.close();
  }
}

/** Of the box's numbers up to the given one, how many the centre has not got. */
function missing(folder: string, last: number): number {
  const [row] = readAll(
    collectorFile(folder),
    `select count(distinct sequence) as count from event
     where edge_id = '${edgeId}' and sequence <= ${last} and kind not in ('events-lost', 'sequence-repeated')`,
  );
  return last - Number(row?.['count'] ?? 0);
}

function duplicates(folder: string): number {
  const sql = `select 1 from event where edge_id = '${edgeId}' group by sequence having count(*) > 1`;
  return readAll(collectorFile(folder), sql).length;
}
