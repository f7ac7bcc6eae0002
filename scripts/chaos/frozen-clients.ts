/**
 * Clients that stop reading without a word: a console's feed, a viewer of live pictures, a subscriber at the broker. The
 * centre lets go of them, does not grow, and nobody else notices. What it holds is measured after collections, heap and
 * buffers together: how much of it the system has is told too, but V8 gives back what it likes when it likes.
 */
import { randomBytes } from 'node:crypto';
import mqtt from 'mqtt';
import { WebSocket } from 'ws';
import { edgeLivePath, fragmentKind } from '../../src/contract/live-stream.ts';
import { accounts } from '../harness/centre.ts';
import { residentMb } from '../harness/process-cost.ts';
import { createProgram, eventually, type Program } from '../harness/program.ts';
import { type CentreUnderLoad, startCentre } from '../load/centre-under-load.ts';
import { driveEdges } from '../load/drive-edges.ts';
import type { Sample } from '../soak/growth.ts';
import type { FrozenClient } from './frozen-client-process.ts';
import { broken, type Scenario } from './scenario.ts';

const mostGrowthMb = 20;
const mostP95Ms = 1000;
const cameras = 6;
/** Two and a half pictures' worth each tenth of a second: four megabits a second. */
const fragmentBytes = 50_000;
const fragmentEveryMs = 100;
const noiseTopic = 'haoguanjia/noise';
const noiseBytes = 50_000;
const account = { username: 'collector', password: accounts.collector };

export const frozenClients: Scenario = async (run) => {
  const { folder, broker, eventsPerSecond, seconds } = run;
  const edges = 4;
  const held: Sample[] = [];
  const centre = await startCentre({ folder, broker, edges, held });
  const eventsPerCameraMinute = (eventsPerSecond * 60) / (edges * cameras);
  const drive = { edges, camerasPerEdge: cameras, eventsPerCameraMinute, callsEvery: 1 };
  const pictures = await pushPictures(centre);
  const clients: readonly Frozen[] = [
    createFrozen({ kind: 'feed', url: `${centre.console.address}/api/feed`, ...headersOf(centre) }),
    createFrozen({ kind: 'live', url: pictures.viewerUrl, ...headersOf(centre) }),
    createFrozen({ kind: 'mqtt', url: centre.url, account }),
  ];
  try {
    for (const client of clients) client.start();
    await driveEdges(centre, { ...drive, seconds: Math.max(5, seconds) });
    // By now it is as large as such a load makes it.
    const unready = clients.filter((client) => !client.isReady()).map(({ kind }) => kind);
    const pid = centre.collector.pid() ?? 0;
    const before = { heldMb: await heldMb(held), rssMb: residentMb(pid) };
    for (const { program } of clients) program.halt();
    const figures = await driveEdges(centre, { ...drive, seconds });
    // While they still do not read.
    const heldMbAfter = await heldMb(held);
    const grownMb = Math.round((heldMbAfter - before.heldMb) * 10) / 10;
    const rssGrownMb = Math.round(residentMb(pid) - before.rssMb);
    for (const { program } of clients) program.goOn();
    await eventually(() => clients.every((client) => client.isClosed()), 5000);
    const kept = clients.filter((client) => !client.isClosed()).map(({ kind }) => kind);
    const { eventToFeedP95Ms, rssMb } = figures;
    const { sent, acknowledged, measuredOnFeed } = figures;
    const more = broken({
      [`never heard anything: ${unready.join(', ')}`]: unready.length > 0,
      // A broker may keep one that takes its share from nobody.
      [`still connected: ${kept.join(', ')}`]: kept.some(
        (kind) => kind !== 'mqtt' || broker === 'embedded',
      ),
      [`the collector grew by ${grownMb} MB`]: grownMb > mostGrowthMb,
      [`others waited ${eventToFeedP95Ms} ms`]: eventToFeedP95Ms > mostP95Ms,
      [`${sent - acknowledged} events were not taken`]: acknowledged < sent,
    });
    const memory = { heldMb: heldMbAfter, grownMb, rssMb, rssGrownMb };
    const told = { sent, acknowledged, measuredOnFeed, eventToFeedP95Ms, ...memory };
    return { figures: { seconds, ...told, kept }, broken: more };
  } finally {
    for (const { program } of clients) await program.end('SIGKILL');
    await pictures.stop();
    await centre.stop();
  }
};

/** After collections, as the collector next says it; Infinity when it does not. */
async function heldMb(held: readonly Sample[]): Promise<number> {
  const known = held.length;
  await eventually(() => held.length > known, 20_000);
  const bytes = held.length > known ? (held.at(-1)?.value ?? 0) : Number.POSITIVE_INFINITY;
  return Math.round((bytes / 1024 ** 2) * 10) / 10;
}

function headersOf({ console }: CentreUnderLoad): Pick<FrozenClient, 'headers'> {
  return { headers: console.headers };
}

type Frozen = Readonly<{
  kind: FrozenClient['kind'];
  program: Program;
  start: () => void;
  isReady: () => boolean;
  isClosed: () => boolean;
}>;

function createFrozen(client: FrozenClient): Frozen {
  const said = new Set<string>();
  const program = createProgram({
    name: client.kind,
    command: () => [process.execPath, 'scripts/chaos/frozen-client-process.ts'],
    onLine: (line) => said.add(line),
  });
  return {
    kind: client.kind,
    program,
    start: () => {
      program.start();
      program.tell(JSON.stringify(client));
    },
    isReady: () => said.has('ready'),
    isClosed: () => said.has('closed'),
  };
}

/** An edge with live pictures of its camera: waits to be asked with a ticket, then pushes as a camera would. */
async function pushPictures({ url, console }: CentreUnderLoad) {
  const client = await mqtt.connectAsync(url, { ...account, protocolVersion: 4 });
  // The system itself holds megabytes for a reader that has stopped: what only the frozen subscriber gets fills them.
  const noise = setInterval(() => client.publish(noiseTopic, randomBytes(noiseBytes)), 50);
  const address = console.address.replace('http', 'ws');
  const sockets = new Set<WebSocket>();
  await client.subscribeAsync('haoguanjia/v1/+/command', { qos: 1 });
  client.on('message', (_topic, payload) => {
    const { kind, cameraId, ticket } = JSON.parse(payload.toString()) as Record<string, string>;
    if (kind !== 'start-live' || cameraId === undefined) return;
    const socket = new WebSocket(address + edgeLivePath(cameraId), {
      headers: { authorization: `Bearer ${ticket}` },
    });
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('open', () => push(socket));
  });
  return {
    viewerUrl: `${address}/api/cameras/edge-1-cam-1/live?format=fmp4`,
    stop: async () => {
      clearInterval(noise);
      for (const socket of sockets) socket.terminate();
      await client.endAsync(true);
    },
  };
}

function push(socket: WebSocket): void {
  socket.send(JSON.stringify({ format: 'fmp4', mime: 'video/mp4; codecs="avc1.42c01e"' }));
  socket.send(Buffer.from([fragmentKind.initialization, 1, 2, 3]));
  const picture = randomBytes(fragmentBytes);
  let number = 0;
  const timer = setInterval(() => {
    picture[0] = number % 20 === 0 ? fragmentKind.keyFrame : fragmentKind.other;
    number += 1;
    socket.send(picture);
  }, fragmentEveryMs);
  socket.on('close', () => clearInterval(timer));
}
