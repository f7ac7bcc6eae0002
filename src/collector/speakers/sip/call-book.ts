/**
 * The calls to one speaker that have been begun and not been ended, kept where a crash does not reach: the speaker holds a call
 * that it has taken for as long as it has power, and is busy for everybody. What is kept is what a BYE needs (RFC 3261, 12), or
 * before the answer a CANCEL (9.1).
 */
import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import type { SipRequest } from './sip-message.ts';

export type OpenCall = Readonly<{
  callId: string;
  fromTag: string;
  toTag?: string;
  /** Where the requests within the call go, and by which servers. */
  uri?: string;
  routes: readonly string[];
  /** Of the request that opened it. */
  sequence: number;
  /** It is not answered yet: by what the device knows it, and where its answers go to (UDP). */
  ringing?: Readonly<{ invite: SipRequest; localPort: number }>;
}>;

export type CallBook = Readonly<{
  /** Takes the place of what was entered of it before. Durable when it resolves. Never rejects: a call that cannot be kept is made all the same. */
  enter: (call: OpenCall) => Promise<void>;
  /** Its end was confirmed. Never rejects. */
  strike: (callId: string) => Promise<void>;
  /** Nobody answered to its end: it may be open still. */
  lose: (callId: string) => void;
  /** Calls of an earlier run, and those that were lost; `isOld`: ending one has been tried for long enough. */
  left: () => Promise<readonly Readonly<{ call: OpenCall; isOld: boolean }>[]>;
}>;

export type CallBookSettings = Readonly<{
  speakerId: string;
  store: Pick<Store, 'keepCall' | 'forgetCall' | 'keptCalls'>;
  /** No other collector calls for this centre: then a call that this one does not hold is nobody's. */
  isAlone: boolean;
  logger: Logger;
  now: () => number;
}>;

/** No announcement and no operator's voice lasts so long: another collector's call that is older is nobody's. */
const longestCallMs = 5 * 60_000;
const giveUpAfterMs = 60 * 60_000;

/** For whoever keeps nothing. */
export const noCallBook: CallBook = {
  enter: async () => undefined,
  strike: async () => undefined,
  lose: () => undefined,
  left: async () => [],
};

export function createCallBook(settings: CallBookSettings): CallBook {
  const { speakerId, store, isAlone, logger, now } = settings;
  const held = new Set<string>();
  const lost = new Set<string>();
  const kept = async <Result>(doing: Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await doing;
    } catch (error) {
      logger.error({ speakerId, reason: String(error) }, 'book of calls could not be kept');
      return otherwise;
    }
  };
  return {
    enter: async (call) => {
      held.add(call.callId);
      const { callId, ...body } = call;
      const row = { callId, speakerId, openedAtMs: now(), body: JSON.stringify(body) };
      await kept(store.keepCall(row), undefined);
    },
    strike: async (callId) => {
      await kept(store.forgetCall(callId), undefined);
      held.delete(callId);
      lost.delete(callId);
    },
    lose: (callId) => {
      held.delete(callId);
      lost.add(callId);
    },
    left: async () => {
      const rows = await kept(store.keptCalls(speakerId), []);
      const isLeft = (callId: string, ageMs: number): boolean =>
        !held.has(callId) && (isAlone || lost.has(callId) || ageMs > longestCallMs);
      return rows
        .map(({ callId, openedAtMs, body }) => ({ callId, body, ageMs: now() - openedAtMs }))
        .filter(({ callId, ageMs }) => isLeft(callId, ageMs))
        .map(({ callId, body, ageMs }) => ({
          call: { callId, ...(JSON.parse(body) as Omit<OpenCall, 'callId'>) },
          isOld: ageMs > giveUpAfterMs,
        }));
    },
  };
}
