/**
 * One request to a webhook as the Standard Webhooks convention has it (https://www.standardwebhooks.com): an id that stays
 * the same over repeats, the time, and an HMAC-SHA256 over id, time and body. Never follows a redirect: what is signed for one
 * receiver is not handed to another. Connects to no address but those that the receiver may have.
 */
import { createHmac } from 'node:crypto';
import { request as overTcp } from 'node:http';
import { request as overTls, type RequestOptions } from 'node:https';
import type { FeedMessage } from '../../contract/console-api.ts';
import { forbiddenCode } from '../../contract/special-address.ts';
import { hostOf } from './webhook-address.ts';
import type { Webhook } from './webhook-config.ts';

/** `reason` names no address and no secret. */
export type SendOutcome = Readonly<{ ok: true }> | Readonly<{ ok: false; reason: string }>;

export async function sendWebhook(
  { url, key, authority, addresses }: Pick<Webhook, 'url' | 'key' | 'authority' | 'addresses'>,
  { deliveryId, message }: Readonly<{ deliveryId: string; message: FeedMessage }>,
  { nowMs, timeoutMs, stopping }: { nowMs: number; timeoutMs: number; stopping: AbortSignal },
): Promise<SendOutcome> {
  const place = new URL(url);
  // An address is connected to without the lookup.
  if (addresses.isForbiddenHost(hostOf(place))) return { ok: false, reason: forbidden };
  const body = bodyOf(message);
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', key)
    .update(`${deliveryId}.${timestamp}.${body}`)
    .digest('base64');
  const patience = AbortSignal.timeout(timeoutMs);
  try {
    const status = await post(place, body, {
      lookup: addresses.lookup,
      ...(authority === undefined ? {} : { ca: authority }),
      signal: AbortSignal.any([patience, stopping]),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'haoguanjia-webhook',
        'webhook-id': deliveryId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    });
    const isTaken = status >= 200 && status < 300;
    return isTaken ? { ok: true } : { ok: false, reason: `answered ${status}` };
  } catch (error) {
    if (stopping.aborted) return { ok: false, reason: 'the collector is stopping' };
    if (patience.aborted) return { ok: false, reason: `no answer within ${timeoutMs / 1000} s` };
    return { ok: false, reason: faultOf(error) };
  }
}

const forbidden =
  'its name leads to this machine or to a special address; when that is meant, name the address in allowAddresses';

/** Resolves with the status of the answer, whose body is nobody's business. */
function post(url: URL, body: string, options: RequestOptions): Promise<number> {
  const request = url.protocol === 'https:' ? overTls : overTcp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method: 'POST', agent: false }, (answer) => {
      answer.on('error', () => undefined);
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function bodyOf({ kind, atMs, ...data }: FeedMessage): string {
  return JSON.stringify({ type: kind, timestamp: new Date(atMs).toISOString(), data });
}

function faultOf(error: unknown): string {
  const { code = 'unknown' } = error as { code?: string };
  if (code === forbiddenCode) return forbidden;
  const isUntrusted = /CERT|SELF_SIGNED|ISSUER|ERR_TLS/.test(code);
  return isUntrusted
    ? `its certificate is not trusted (${code}); name its authority with caFile`
    : `not reachable (${code})`;
}
