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
    internal: 'The centre has failed inside; its log says why',
  },
  tooMany: 'Too many attempts: wait a minute',
  action: 'That did not succeed',
  retry: 'Try again',
  page: 'This page has failed',
};
