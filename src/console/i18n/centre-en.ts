/** What is said of the centre itself and of what it keeps, in English. */
import type { CentreTexts } from './centre-zh.ts';
import { clockEn } from './clock-en.ts';

export const centreEn: CentreTexts = {
  clock: clockEn,
  damaged: (when) => `THE DATABASE OF THE CENTRE WAS DAMAGED (found ${when})`,
  kept: (events, alarms) =>
    `${events} events and ${alarms} alarms could be kept; others may be missing. New alarms work.`,
  lookedAfter: 'Looked after',
  clockJumped: (from, to) =>
    `The clock of the centre jumped from ${from} to ${to}; nothing is deleted. Check the time.`,
  clockRight: 'The time is right, go on deleting',
  certificateEnds: (days) =>
    `The certificate of the broker runs out in ${days} days; renew it, or everything is cut off.`,
  certificateOver:
    'The certificate of the broker has run out; who connects anew is refused. Renew it.',
  untold: {
    title: 'What other systems were not told',
    hint: 'The receiver took none of it for a day. It is kept for a week at most and can be sent again.',
    receiver: 'Receiver',
    about: 'About',
    kinds: {
      'alarm-raised': 'New alarm',
      'alarm-changed': 'Alarm changed',
      'camera-changed': 'Camera changed',
      'edge-changed': 'Edge box changed',
      'speaker-changed': 'Speaker changed',
    },
    since: 'Since',
    givenUp: 'Given up',
    attempts: 'Attempts',
    retry: 'Send again',
  },
  hold: 'Hold as evidence',
  release: 'Release the hold',
  holdReason: 'Why (stands in the register)',
  held: (by, reason) => `Held by ${by}, not deleted in time: ${reason}`,
};
