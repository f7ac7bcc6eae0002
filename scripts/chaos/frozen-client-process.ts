/**
 * A client that is frozen by whoever started it. Reads one line of JSON from its input that says what it is (`feed`, `live` or
 * `mqtt`) and where it belongs, says `ready` at the first thing it hears, and `closed` when the other side has had enough.
 */
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';
import { WebSocket } from 'ws';

export type FrozenClient = Readonly<{
  kind: 'feed' | 'live' | 'mqtt';
  url: string;
  headers?: Readonly<Record<string, string>>;
  account?: Readonly<{ username: string; password: string }>;
}>;

let isReady = false;
const say = (line: 'ready' | 'closed'): void => {
  if (line === 'ready' && isReady) return;
  isReady = true;
  process.stdout.write(`${line}\n`);
};

createInterface({ input: process.stdin }).once('line', (line) => {
  const client = JSON.parse(line) as FrozenClient;
  switch (client.kind) {
    case 'feed':
      readFeed(client).then(
        () => say('closed'),
        () => say('closed'),
      );
      break;
    case 'live':
      watch(client);
      break;
    case 'mqtt':
      subscribe(client);
      break;
    default:
      client.kind satisfies never;
  }
});

async function readFeed({ url, headers = {} }: FrozenClient): Promise<void> {
  const { body } = await fetch(url, { headers });
  for await (const _ of body ?? []) say('ready');
}

function watch({ url, headers = {} }: FrozenClient): void {
  const socket = new WebSocket(url, { headers });
  socket.on('message', () => say('ready'));
  socket.on('error', () => undefined);
  socket.on('close', () => say('closed'));
}

function subscribe({ url, account = { username: '', password: '' } }: FrozenClient): void {
  const client = mqtt.connect(url, {
    ...account,
    protocolVersion: 4,
    reconnectPeriod: 0,
    // The longest that the broker takes: it is not for this that it lets go of it.
    keepalive: 600,
  });
  client.on('connect', () => client.subscribe('haoguanjia/#', { qos: 1 }));
  client.on('message', () => say('ready'));
  client.on('error', () => undefined);
  client.on('close', () => say('closed'));
}
