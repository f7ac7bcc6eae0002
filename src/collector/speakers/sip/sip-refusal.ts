/** What an unsuccessful answer of a SIP device means for the operator. */
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
        reason: `the speaker at ${place} did not answer in time; check its power, cable and address`,
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
          ? `the speaker at ${place} refuses the user name or password (${said}); mend username and password`
          : `the speaker at ${place} asks for a password (${said}); set username and passwordFile`,
      };
    case 486:
    case 600:
      return { kind: 'busy', reason: `the speaker at ${place} is busy (${said})` };
    case 408:
    case 480:
      return { kind: 'unreachable', reason: `the speaker behind ${place} is not there (${said})` };
    case 404:
      return {
        kind: 'refused',
        reason: `nobody of that name is at ${place} (${said}); mend the speaker's user`,
      };
    case 488:
    case 606:
      return {
        kind: 'refused',
        reason: `the speaker at ${place} takes none of the codecs (${said}); change its codec`,
      };
    default:
      return { kind: 'refused', reason: `the speaker at ${place} refused the call: ${said}` };
  }
}
