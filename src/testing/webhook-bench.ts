/** A receiver of webhooks over real HTTP, and what sends to it from a real store; all of it is closed again. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { uuidv7 } from 'uuidv7';
import { acknowledge } from '../collector/alarms/alarms.ts';
import { createStore, type StoreSettings } from '../collector/store/create-store.ts';
import type { Store } from '../collector/store/store.ts';
import { toWebhook, type Webhook, webhooksFor } from '../collector/webhooks/webhook-config.ts';
import { createWebhooks, type Webhooks, webhookReceiver } from '../collector/webhooks/webhooks.ts';
import { crossingEvent } from './events.ts';
import { quietFlow } from './quiet-centre.ts';

const secretBytes = Buffer.from('a canary that nobody may read');
export const webhookSecret = `whsec_${secretBytes.toString('base64')}`;

export type Call = Readonly<{
  headers: IncomingHttpHeaders;
  body: string;
  status: number;
  path: string;
}>;
export type Told = Readonly<{
  type: string;
  data: Readonly<{ alarm: Readonly<{ cameraId: string }> }>;
}>;
/** The status of the answer to the first, second... call. */
type Answers = (call: number) => number | 'never';

export type WebhookBench = Readonly<{
  calls: readonly Call[];
  outcomes: readonly string[];
  logged: () => string;
  answerWith: (answers: Answers) => void;
  hook: (changes?: Partial<Parameters<typeof toWebhook>[0]>) => Webhook;
  open: (hooks: readonly Webhook[], database?: StoreSettings['database']) => Promise<Store>;
  run: (hooks: readonly Webhook[], store: Store, pace?: object) => Webhooks;
  /** Stops what sends and closes the stores. */
  stop: () => Promise<void>;
  close: () => Promise<void>;
}>;

type Receiver = Readonly<{
  address: string;
  calls: readonly Call[];
  answerWith: (answers: Answers) => void;
  close: () => Promise<void>;
}>;

async function openReceiver(): Promise<Receiver> {
  const calls: Call[] = [];
  let answer: Answers = () => 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const status = answer(calls.length + 1);
      const code = status === 'never' ? 0 : status;
      calls.push({ headers: request.headers, body, status: code, path: request.url ?? '' });
      if (status === 'never') return;
      response.writeHead(status, status === 302 ? { location: `${address}/elsewhere` } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    calls,
    answerWith: (answers) => {
      answer = answers;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function openWebhookBench(): Promise<WebhookBench> {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  const receiver = await openReceiver();
  const { address, calls, answerWith } = receiver;
  const outcomes: string[] = [];
  let logged = '';
  const running: Webhooks[] = [];
  const stores: Store[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => (logged += line) });
  const stop = async (): Promise<void> => {
    for (const one of running.splice(0)) await one.stop();
    for (const store of stores.splice(0)) await store.close();
  };
  return {
    calls,
    outcomes,
    logged: () => logged,
    answerWith,
    hook: (changes = {}) =>
      toWebhook(
        {
          webhookId: 'dispatch',
          url: `${address}/hook`,
          allowAddresses: ['127.0.0.1'],
          ...changes,
        },
        webhookSecret,
      ) as Webhook,
    open: async (hooks, database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') }) => {
      const webhookTargets = (message: Parameters<typeof webhooksFor>[1]) =>
        webhooksFor(hooks, message);
      const store = await createStore({ database, places: [], webhookTargets });
      stores.push(store);
      return store;
    },
    run: (hooks, store, pace = {}) => {
      const webhooks = createWebhooks(hooks.map(webhookReceiver), {
        store,
        onOutcome: (_, outcome) => outcomes.push(outcome),
        logger,
        now: Date.now,
        pace: { lookEveryMs: 20, firstRetryMs: 30, ...pace },
      });
      webhooks.start();
      running.push(webhooks);
      return webhooks;
    },
    stop,
    close: async () => {
      await stop();
      await receiver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Files crossings as the intake does: each of a rule of its own, so each raises an alarm. */
export async function fileCrossings(
  store: Store,
  count: number,
  cameraId = 'cam-1',
): Promise<void> {
  const events = Array.from({ length: count }, () => {
    const id = uuidv7();
    const draft = { cameraId, ruleId: `gate-${id.slice(-8)}`, capturedAtMs: Date.now() };
    return { ...crossingEvent(1, draft), eventId: id };
  });
  await quietFlow(store).file(events);
}

export const acknowledged: Parameters<Store['changeAlarm']>[1] = (alarm) => {
  const step = acknowledge(alarm, 'li', Date.now());
  return step.ok ? step.alarm : undefined;
};

export const isSigned = ({ headers, body }: Call): boolean => {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', secretBytes).update(signed).digest('base64');
  return headers['webhook-signature'] === `v1,${signature}`;
};
export const takenOf = (calls: readonly Call[]): readonly Call[] =>
  calls.filter(({ status }) => status === 200);
export const idOf = ({ headers }: Call) => headers['webhook-id'];
