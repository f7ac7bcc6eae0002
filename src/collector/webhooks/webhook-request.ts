/**
 * One request to a webhook as the Standard Webhooks convention has it (https://www.standardwebhooks.com): an id that stays
 * the same over repeats, the time, and an HMAC-SHA256 over id, time and body. Never follows a redirect: what is signed for one
 * receiver is not handed to another.
 */
import { createHmac } from 'node:crypto';
import type { FeedMessage } from '../../contract/console-api.ts';
import type { Webhook } from './webhook-config.ts';

/** `reason` names no address and no secret. */
export type SendOutcome = Readonly<{ ok: true }> | Readonly<{ ok: false; reason: string }>;

export async function sendWebhook(
  { url, key }: Pick<Webhook, 'url' | 'key'>,
  { deliveryId, message }: Readonly<{ deliveryId: string; message: FeedMessage }>,
  { nowMs, timeoutMs, stopping }: { nowMs: number; timeoutMs: number; stopping: AbortSignal },
): Promise<SendOutcome> {
  const body = bodyOf(message);
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', key)
    .update(`${deliveryId}.${timestamp}.${body}`)
    .digest('base64');
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'haoguanjia-webhook',
        'webhook-id': deliveryId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    });
    await answer.body?.cancel();
    return answer.ok ? { ok: true } : { ok: false, reason: `answered ${answer.status}` };
  } catch (error) {
    return { ok: false, reason: faultOf(error, timeoutMs) };
  }
}

function bodyOf({ kind, atMs, ...data }: FeedMessage): string {
  return JSON.stringify({ type: kind, timestamp: new Date(atMs).toISOString(), data });
}

function faultOf(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `no answer within ${timeoutMs / 1000} s`;
  if (error instanceof DOMException) return 'the collector is stopping';
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return `not reachable (${code ?? 'unknown'})`;
}
