/** The map's words in English. */
import type { mapZh } from './map-zh.ts';

export const mapEn: typeof mapZh = {
  title: 'Map of the lanes',
  everywhere: 'All grids',
  picture: 'Picture of the place',
  back: 'Overview',
  attention: 'Needs somebody',
  allWell: 'No alarm; cameras and speakers are well',
  zones: 'Zones',
  conditions: {
    proven: 'Proven',
    flagged: 'Unproven for more than a day',
    unproven: 'Cannot prove itself, somebody has to listen',
    unknown: 'Not looked at yet',
    failed: 'Speaker failed',
  },
};
