/** What the console says when something fails, in English. */
import type { ErrorsTexts } from './errors-zh.ts';

export const errorsEn: ErrorsTexts = {
  network: 'The centre cannot be reached: check the network',
  unexpected: 'The centre gave no readable answer',
  codes: {
    'wrong-credentials': 'Wrong user name or password',
    forbidden: 'Your role may not do this',
    'name-taken': 'This user name is taken',
    'last-administrator': 'This is the last administrator; make another one first',
    'own-account': 'This is your own account; change its password instead',
    'wrong-token': 'The one-time token is wrong or has been used',
    conflict: 'Somebody else was first; this is how it stands now',
    'not-found': 'Not found',
    'edge-offline': 'The edge box, which keeps the tracks, is not connected: try again later',
    'edge-silent': 'The edge box did not answer (it may be too old): try again later',
    'edge-busy': 'The edge box is at work for others: try again soon',
    'edge-failed': 'The edge box could not do it; its log says why',
    'in-use': 'A rule still speaks with it; change that rule first',
    'foreign-origin': 'The request came from another site and was refused',
    'disk-full': "The centre's disk is full: nothing was changed; free some room and try again",
    'store-unreachable':
      'The database of the centre does not answer: nothing was changed; try again soon',
    'too-many-exports': 'Other files are being exported: try again soon',
    'too-many-streams': 'Too many live pictures are open: close other windows',
    invalid: 'Something is not as it has to be: check what was filled in',
    refused: 'The centre does not take this: check its format and size',
    'not-signed-in': 'You are no longer signed in: sign in again',
    internal: 'The centre has failed inside; its log says why',
  },
  tooMany: 'Too many attempts: wait a minute',
  action: 'That did not succeed',
  retry: 'Try again',
  page: 'This page has failed',
};
