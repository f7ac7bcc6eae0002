/** Of times that may be wrong, in English. */
import type { CentreTexts } from './centre-zh.ts';

export const clockEn: CentreTexts['clock'] = {
  suspect: 'time in doubt',
  jumped: (ahead) =>
    `The clock of the edge box was set shortly before or after (${ahead}); the time may be wrong`,
  implausible: 'The clock of the edge box stood at a date that cannot be; the time is wrong',
  differs: (ahead) => `The clocks of the edge box and of the centre differ (${ahead})`,
  ahead: (amount) => `${amount} ahead`,
  behind: (amount) => `${amount} behind`,
  unknown: 'by how much is not known',
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,
  hours: (count) => `${count} h`,
  days: (count) => `${count} d`,
};
