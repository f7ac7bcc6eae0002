/** What an unsuccessful answer of a SIP device means for the operator. */
import { because } from '../../../contract/reason.ts';
import type { Outcome } from '../speaker.ts';
import type { SipResponse } from './sip-message.ts';
import type { TransactionEnd } from './sip-transactions.ts';

type Refusal = Exclude<Outcome, Readonly<{ kind: 'sent' | 'answered' | 'played' }>>;

export function refusalOf(end: TransactionEnd, place: string, hasPassword: boolean): Refusal {
  switch (end.kind) {
    case 'stopped':
      return { kind: 'stopped' };
    case 'unreachable':
      return { kind: 'unreachable', reason: end.reason };
    case 'silent':
      return {
        kind: 'unreachable',
        reason: because('speaker-silent', { place }),
      };
    case 'answered':
      return ofStatus(end.response, place, hasPassword);
    default:
      return end satisfies never;
  }
}

function ofStatus({ status, phrase }: SipResponse, place: string, hasPassword: boolean): Refusal {
  const said = `${status} ${phrase}`.trim();
  switch (status) {
    case 401:
    case 407:
    case 403:
      return {
        kind: 'refused',
        reason: hasPassword
          ? because('speaker-wrong-password', { place, said })
          : because('speaker-wants-password', { place, said }),
      };
    case 486:
    case 600:
      return { kind: 'busy', reason: because('speaker-busy', { place, said }) };
    case 408:
    case 480:
      return { kind: 'unreachable', reason: because('speaker-not-there', { place, said }) };
    case 404:
      return {
        kind: 'refused',
        reason: because('speaker-unknown-user', { place, said }),
      };
    case 488:
    case 606:
      return {
        kind: 'refused',
        reason: because('speaker-no-codec', { place, said }),
      };
    default:
      return { kind: 'refused', reason: because('speaker-refused-call', { place, said }) };
  }
}
