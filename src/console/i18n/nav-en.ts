/** The names of the pages in English. */
import type { navZh } from './nav-zh.ts';

export const navEn: typeof navZh = {
  wall: 'Wall',
  map: 'Map',
  cameras: 'Cameras',
  history: 'History',
  speakers: 'Speakers',
  voice: 'Voice',
  users: 'Users',
  edges: 'Edge boxes',
  register: 'Register',
  keeping: 'Keeping',
};
