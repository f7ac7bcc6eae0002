/** The words of the pop-up in English. */
import type { PopupTexts } from './popup-zh.ts';

export const popupEn: PopupTexts = {
  acknowledge: 'Acknowledge',
  next: 'Next',
  falseAlarm: 'False alarm',
  handled: 'Handled',
  aside: 'Put aside',
  known: 'Known person',
  silence: 'Stop speaking',
  waiting: (count) => `${count} more waiting`,
  beside: (count: number) =>
    `${count} ${count === 1 ? 'alarm waits' : 'alarms wait'}; click to see`,
  keys: {
    acknowledge: 'Space',
    falseAlarm: 'F',
    handled: 'H',
    aside: 'Esc',
    next: '← →',
    silence: 'S',
    'play-clip': 'P',
    hold: 'K',
    export: 'E',
  },
  typing: 'You are typing, shortcuts are paused; press Esc or click here to resume',
  snapshot: 'Snapshot',
  snapshotPending: 'Snapshot on its way…',
  snapshotNone: 'No snapshot',
  playClip: 'Play clip',
  hold: 'Hold',
  release: 'Release',
  clipFailed: 'The clip cannot be played',
  hasClip: 'Clip',
  note: 'Note (optional)',
  acknowledgedBy: (name) => `acknowledged by ${name}`,
  confidence: (percent) => `confidence ${percent}%`,
};
