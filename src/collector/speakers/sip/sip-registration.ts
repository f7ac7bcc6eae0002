/** Keeps this side registered at a SIP server that lets only its own subscribers call (RFC 3261, 10). */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSipClient, type SipClient, type SipPeer } from './sip-client.ts';
import { headerValue, headerValues, type SipResponse } from './sip-message.ts';
import { refusalOf } from './sip-refusal.ts';

export type SipRegistration = Readonly<{
  start: () => void;
  /** Undefined while it is registered or has not been tried yet. */
  failure: () => string | undefined;
  /** Takes the registration back. */
  stop: () => Promise<void>;
}>;

export type RegistrationSettings = Readonly<{
  expiresSeconds: number;
  retryMs: number;
  hasPassword: boolean;
}>;

export function createSipRegistration(
  peer: SipPeer,
  settings: RegistrationSettings,
): SipRegistration {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let failure: string | undefined;

  /** Answers with the time until the next one; undefined when it was refused. */
  const register = async (client: SipClient): Promise<number | undefined> => {
    const end = await ask(client, peer, settings.expiresSeconds, stopping.signal);
    if (end.kind === 'answered' && end.response.status < 300) {
      failure = undefined;
      return refreshAfterMs(end.response, client, settings.expiresSeconds);
    }
    const refusal = refusalOf(end, `${peer.host}:${peer.port}`, settings.hasPassword);
    failure = 'reason' in refusal ? refusal.reason : undefined;
    return undefined;
  };

  /** Registers and refreshes from one address for as long as it goes well. */
  const stay = async (): Promise<void> => {
    const opened = await openSipClient(peer);
    if (!opened.ok) {
      failure = opened.reason;
      return;
    }
    const { client } = opened;
    let waitMs = await register(client);
    while (waitMs !== undefined) {
      await pause(waitMs, stopping.signal);
      if (stopping.signal.aborted) {
        await ask(client, peer, 0);
        break;
      }
      waitMs = await register(client);
    }
    client.close();
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await stay();
      await pause(settings.retryMs, stopping.signal);
    }
  };

  return {
    start: () => {
      running ??= run();
    },
    failure: () => failure,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function ask(client: SipClient, peer: SipPeer, expiresSeconds: number, signal?: AbortSignal) {
  return client.ask({
    method: 'REGISTER',
    uri: `sip:${peer.host}:${peer.port}`,
    headers: [['Expires', String(expiresSeconds)]],
    withinMs: peer.timing.requestWithinMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The server may give less time than was asked for; refreshed when four fifths have passed. */
function refreshAfterMs(response: SipResponse, client: SipClient, askedSeconds: number): number {
  const own = headerValues(response, 'Contact')
    .flatMap((value) => value.split(/,\s*(?=<)/))
    .find((value) => value.includes(client.contact));
  const given = /;\s*expires=(\d+)/i.exec(own ?? '')?.[1] ?? headerValue(response, 'Expires');
  return Number(given ?? askedSeconds) * 800;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
