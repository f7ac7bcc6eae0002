/**
 * Live pictures of a camera: the edge pushes once, any number of viewers watch. The edge is asked to start with the first
 * viewer and to stop some seconds after the last; a new viewer gets the newest group of pictures at once.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { CameraCommand } from '../../contract/edge-report.ts';
import { fragmentKind, type LiveHeader } from '../../contract/live-stream.ts';

type Format = LiveHeader['format'];

const graceMs = 10_000;
const askAgainMs = 3000;
const ticketLivesMs = 30_000;
/** A new viewer gets some seconds at once, so that this much may wait for a while, and more never. */
const mostWaitingBytes = 4 * 1024 * 1024;
const manyWaitingBytes = 1024 * 1024;
const stoppedMs = 10_000;
/** Fragments kept for a new viewer: some seconds at the highest frame rates. */
const mostCachedFragments = 300;

export type LiveRelay = Readonly<{
  watch: (cameraId: string, format: Format, viewer: WebSocket) => void;
  /** The format that the ticket is for, once; undefined when it is not valid. */
  redeem: (cameraId: string, ticket: string) => Format | undefined;
  /** An edge that showed its ticket. */
  push: (cameraId: string, format: Format, edge: WebSocket) => void;
  stop: () => void;
}>;

type Parts = Readonly<{
  sendCommand: (cameraId: string, command: CameraCommand) => void;
  logger: Logger;
  now: () => number;
}>;

type Channel = {
  readonly cameraId: string;
  readonly format: Format;
  readonly viewers: Set<WebSocket>;
  /** Since when more than a little has waited for a viewer, by a clock that nobody sets. */
  readonly slowSince: WeakMap<WebSocket, number>;
  edge: WebSocket | undefined;
  ticket: Readonly<{ text: string; expiresAtMs: number }> | undefined;
  header: string | undefined;
  initialization: Buffer | undefined;
  fragments: Buffer[];
  asking: NodeJS.Timeout | undefined;
  grace: NodeJS.Timeout | undefined;
};

export function createLiveRelay(parts: Parts): LiveRelay {
  const channels = new Map<string, Channel>();
  const channelOf = (cameraId: string, format: Format): Channel => {
    const key = `${cameraId}/${format}`;
    const channel = channels.get(key) ?? newChannel(cameraId, format);
    channels.set(key, channel);
    return channel;
  };
  const closeDown = (channel: Channel): void => {
    clearInterval(channel.asking);
    channels.delete(`${channel.cameraId}/${channel.format}`);
    channel.edge?.close();
    const { cameraId, format } = channel;
    parts.sendCommand(cameraId, { kind: 'stop-live', cameraId, format });
  };

  return {
    watch: (cameraId, format, viewer) => {
      const channel = channelOf(cameraId, format);
      clearTimeout(channel.grace);
      channel.viewers.add(viewer);
      greet(channel, viewer);
      ask(channel, parts);
      viewer.on('error', (error) =>
        parts.logger.debug({ cameraId, reason: error.message }, 'viewer failed'),
      );
      viewer.on('close', () => {
        channel.viewers.delete(viewer);
        if (channel.viewers.size === 0 && channels.has(`${cameraId}/${format}`))
          channel.grace = setTimeout(() => closeDown(channel), graceMs);
      });
    },
    redeem: (cameraId, ticket) => redeem(channels, cameraId, ticket, parts.now()),
    push: (cameraId, format, edge) => attach(channelOf(cameraId, format), edge, parts),
    stop: () => {
      const all = [...channels.values()];
      channels.clear();
      for (const channel of all) {
        clearInterval(channel.asking);
        clearTimeout(channel.grace);
        channel.edge?.terminate();
        for (const viewer of channel.viewers) viewer.terminate();
      }
    },
  };
}

function redeem(
  channels: ReadonlyMap<string, Channel>,
  cameraId: string,
  ticket: string,
  nowMs: number,
): Format | undefined {
  for (const format of ['fmp4', 'mpeg1'] as const) {
    const channel = channels.get(`${cameraId}/${format}`);
    const expected = channel?.ticket;
    if (channel === undefined || expected === undefined) continue;
    // One that lives longer than any was given before the clock was set back.
    const livesMs = expected.expiresAtMs - nowMs;
    if (livesMs < 0 || livesMs > ticketLivesMs || !same(expected.text, ticket)) continue;
    channel.ticket = undefined;
    return format;
  }
  return undefined;
}

/** Takes the edge's pictures; one that comes anew replaces the one before. */
function attach(channel: Channel, edge: WebSocket, parts: Parts): void {
  channel.edge?.close();
  channel.edge = edge;
  edge.on('message', (data, isBinary) => {
    if (channel.edge === edge) receive(channel, data as Buffer, isBinary);
  });
  edge.on('error', ({ message }) =>
    parts.logger.warn({ cameraId: channel.cameraId, reason: message }, 'live push failed'),
  );
  edge.on('close', () => {
    if (channel.edge !== edge) return;
    channel.edge = undefined;
    forget(channel);
    if (channel.viewers.size > 0) ask(channel, parts);
  });
}

function newChannel(cameraId: string, format: Format): Channel {
  return {
    cameraId,
    format,
    viewers: new Set(),
    slowSince: new WeakMap(),
    edge: undefined,
    ticket: undefined,
    header: undefined,
    initialization: undefined,
    fragments: [],
    asking: undefined,
    grace: undefined,
  };
}

/** Asks the edge to push, again and again while somebody watches and nothing comes. */
function ask(channel: Channel, { sendCommand, now }: Parts): void {
  if (channel.edge !== undefined || channel.asking !== undefined) return;
  const { cameraId, format } = channel;
  const send = (): void => {
    if (channel.edge !== undefined || channel.viewers.size === 0) {
      clearInterval(channel.asking);
      channel.asking = undefined;
      return;
    }
    const ticket = randomBytes(24).toString('base64url');
    channel.ticket = { text: ticket, expiresAtMs: now() + ticketLivesMs };
    sendCommand(cameraId, { kind: 'start-live', cameraId, format, ticket });
  };
  channel.asking = setInterval(send, askAgainMs);
  send();
}

function receive(channel: Channel, data: Buffer, isBinary: boolean): void {
  if (!isBinary) {
    forget(channel);
    channel.header = data.toString();
    broadcast(channel, channel.header);
    return;
  }
  if (channel.format === 'fmp4') remember(channel, data);
  broadcast(channel, data);
}

function remember(channel: Channel, data: Buffer): void {
  const kind = data[0];
  if (kind === fragmentKind.initialization) {
    channel.initialization = data;
    channel.fragments = [];
    return;
  }
  if (kind === fragmentKind.keyFrame) channel.fragments = [];
  const isFull = channel.fragments.length >= mostCachedFragments;
  if (isFull) channel.fragments = [];
  else if (kind === fragmentKind.keyFrame || channel.fragments.length > 0)
    channel.fragments.push(data);
}

function forget(channel: Channel): void {
  channel.header = undefined;
  channel.initialization = undefined;
  channel.fragments = [];
}

function greet(channel: Channel, viewer: WebSocket): void {
  if (channel.header === undefined) return;
  viewer.send(channel.header);
  if (channel.initialization === undefined) return;
  viewer.send(channel.initialization);
  for (const fragment of channel.fragments) viewer.send(fragment);
}

function broadcast(channel: Channel, data: Buffer | string): void {
  for (const viewer of channel.viewers) {
    if (viewer.readyState !== WebSocket.OPEN) continue;
    if (hasStopped(channel, viewer)) viewer.terminate();
    else viewer.send(data);
  }
}

/** One that reads too slowly for ten seconds, or not at all, must not fill the memory. */
function hasStopped({ slowSince }: Channel, viewer: WebSocket): boolean {
  const { bufferedAmount } = viewer;
  if (bufferedAmount > mostWaitingBytes) return true;
  if (bufferedAmount <= manyWaitingBytes) {
    slowSince.delete(viewer);
    return false;
  }
  const since = slowSince.get(viewer) ?? performance.now();
  slowSince.set(viewer, since);
  return performance.now() - since > stoppedMs;
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
