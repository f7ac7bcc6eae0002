/** What a deletion certificate says, in English. */
import type { DeletionTexts } from './deletion-zh.ts';

export const deletionEn: DeletionTexts = {
  title: 'Certificate of deletion',
  open: 'Show certificate',
  print: 'Print',
  close: 'Close',
  statement: (items) =>
    `This centre has deleted the following ${items} items for good, their time being over, and has written it into the register.`,
  row: 'Row of the register',
  at: 'Deleted at',
  stored: 'What was deleted came',
  range: (oldest, newest) => `from ${oldest} to ${newest}`,
  counts: 'Items',
  camera: 'Camera',
  profile: 'Rule',
  profiles: {
    cn: 'China: public security video, 30 days as a rule',
    'cn-key': 'China: key targets, 90 days',
    eu: 'European Union: 72 hours',
  },
  kept: 'Kept for',
  keptBy: (name) => `${name} keeps`,
  days: (days) => `${days} days`,
  forSpace: 'Deleted before their time for want of disk space',
  hash: 'SHA-256 of the ids',
  hashHint:
    'Write each item as a line "class id", sort the lines, end each with a line feed: the SHA-256 of that is the same.',
  classes: {
    events: 'Events',
    snapshots: 'Snapshots',
    clips: 'Clips',
    quarantine: 'Messages that were not understood',
    feed: 'Live messages',
    sessions: 'Sessions that ran out',
  },
};
