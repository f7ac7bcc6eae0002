/** Which programs are told of what happens, as the configuration names them. Their secrets are read by whoever loads the file. */
import { isIP } from 'node:net';
import { type Static, Type } from 'typebox';
import type { FeedMessage } from '../../contract/console-api.ts';
import { Id } from '../../contract/id.ts';
import { type AddressRule, createAddressRule, hostOf } from './webhook-address.ts';

const Kind = Type.Union([
  Type.Literal('alarm-raised'),
  Type.Literal('alarm-changed'),
  Type.Literal('camera-changed'),
  Type.Literal('edge-changed'),
  Type.Literal('speaker-changed'),
]);

export const WebhookEntry = Type.Object(
  {
    webhookId: Id,
    url: Type.String({ minLength: 1, maxLength: 2000 }),
    /** The receiver's secret, `${NAME}` of the environment, or a file; `whsec_` with base64, or any text. */
    secret: Type.Optional(Type.String({ minLength: 1 })),
    secretFile: Type.Optional(Type.String({ minLength: 1 })),
    /** PEM file of the authority that signed the receiver's certificate, instead of those that the system trusts. */
    caFile: Type.Optional(Type.String({ minLength: 1 })),
    /** Alarms only, when absent. */
    kinds: Type.Optional(Type.Array(Kind, { minItems: 1 })),
    /** All, when absent. With cameras named, only what is about a camera is told. */
    cameras: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 20_000 })),
    /** Plain HTTP to another machine: pictures of who crossed where travel readable. */
    allowHttp: Type.Optional(Type.Boolean()),
    /** Of this machine, or link-local and other special ones, at which the receiver may be; of a network it may have any. */
    allowAddresses: Type.Optional(
      Type.Array(Type.String({ minLength: 2, maxLength: 45 }), { minItems: 1, maxItems: 10 }),
    ),
  },
  { additionalProperties: false },
);
export type WebhookEntry = Readonly<Static<typeof WebhookEntry>>;

export type Webhook = Readonly<{
  webhookId: string;
  url: string;
  key: Uint8Array;
  /** PEM of the authority that is trusted for this receiver. */
  authority?: string;
  kinds: ReadonlySet<FeedMessage['kind']>;
  cameraIds?: ReadonlySet<string>;
  addresses: AddressRule;
}>;

const leastSecretBytes = 16;

/** One sentence without the address, which may hold a secret of its own. */
export function webhookFault(entry: WebhookEntry) {
  const { url, secret, secretFile, caFile, allowHttp = false } = entry;
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  if (parts === undefined) return 'url is no address; write it as https://host/path';
  if (parts.username !== '' || parts.password !== '')
    return 'a user or password does not stand in the url; the signature says who is calling';
  if ((secret === undefined) === (secretFile === undefined))
    return 'give either secret or secretFile';
  const unreachable = addressFault(parts, entry);
  if (unreachable !== undefined) return unreachable;
  if (parts.protocol === 'https:') return undefined;
  if (caFile !== undefined) return 'caFile is for https; plain http has no certificate';
  if (parts.protocol !== 'http:') return 'url has to begin with https://';
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parts.hostname);
  return isLoopback || allowHttp
    ? undefined
    : 'plain http leaves this machine; use https, or set allowHttp: true';
}

/** Asks nobody: what a name leads to is judged whenever it is called. */
function addressFault(parts: URL, { allowAddresses = [] }: WebhookEntry): string | undefined {
  if (allowAddresses.some((address) => isIP(address) === 0))
    return 'allowAddresses holds something that is no address; write 127.0.0.1 or ::1';
  const host = hostOf(parts);
  const isOwnName = /(^|\.)localhost$/.test(host) && allowAddresses.length === 0;
  return isOwnName || createAddressRule(allowAddresses).isForbiddenHost(host)
    ? 'the url leads to this machine or to a special address; when that is meant, name the address in allowAddresses'
    : undefined;
}

/** Undefined when the secret is too short to sign with. */
export function toWebhook(
  entry: WebhookEntry,
  secret: string,
  authority?: string,
): Webhook | undefined {
  const { webhookId, url, kinds: wanted = ['alarm-raised', 'alarm-changed'], cameras } = entry;
  const addresses = createAddressRule(entry.allowAddresses);
  const prefix = 'whsec_';
  const key = secret.startsWith(prefix)
    ? Buffer.from(secret.slice(prefix.length), 'base64')
    : Buffer.from(secret, 'utf8');
  if (key.length < leastSecretBytes) return undefined;
  const cameraIds = cameras === undefined ? {} : { cameraIds: new Set(cameras) };
  const trust = authority === undefined ? {} : { authority };
  return { webhookId, url, key, addresses, kinds: new Set(wanted), ...cameraIds, ...trust };
}

/** The webhooks that a message of the feed goes to. */
export function webhooksFor(webhooks: readonly Webhook[], message: FeedMessage): readonly string[] {
  return webhooks.flatMap(({ webhookId, kinds: wanted, cameraIds }) => {
    const cameraId = cameraOf(message);
    const isNear = cameraIds === undefined || (cameraId !== undefined && cameraIds.has(cameraId));
    return wanted.has(message.kind) && isNear ? [webhookId] : [];
  });
}

function cameraOf(message: FeedMessage): string | undefined {
  if ('alarm' in message) return message.alarm.cameraId;
  return message.kind === 'camera-changed' ? message.camera.cameraId : undefined;
}
