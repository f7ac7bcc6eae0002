/** A centre with all of its routes, its first administrator signed in, its log at hand, and requests as they are. */
import { pino } from 'pino';
import type { HttpDependencies } from '../collector/http/http.ts';
import { type Centre, openCentre } from './centre.ts';
import { type RawRequest, rawRequestTo } from './raw-request.ts';
import { silentSpeakers } from './silent-speakers.ts';

export type GuardedCentre = Readonly<{
  centre: Centre;
  raw: RawRequest;
  /** The administrator's id and a session of its own. */
  chief: string;
  cookie: string;
  /** What was logged until now, at the level `trace`. */
  lines: readonly string[];
  close: () => Promise<void>;
}>;

export const chiefPassword = 'a-long-enough-password';

/** A voice that has nothing to say, so that its routes are there. */
const voice: NonNullable<HttpDependencies['speakers']['voice']> = {
  recordings: {
    list: async () => [],
    add: async () => ({ ok: false, reason: 'nothing is kept here' }),
    remove: async () => false,
  },
  prepare: async () => ({ ok: false, reason: 'nothing is spoken here' }),
  speechFault: () => undefined,
};
const talks: NonNullable<HttpDependencies['speakers']['talks']> = {
  open: async () => ({ kind: 'refused', reason: 'nobody listens here' }),
  holders: () => [],
};

export async function openGuardedCentre(
  settings: NonNullable<Parameters<typeof openCentre>[0]>['settings'] = {},
  more: Partial<HttpDependencies> = {},
): Promise<GuardedCentre> {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const speakers = { ...silentSpeakers(['horn-north', 'horn-south']), voice, talks };
  const dependencies = () => ({ speakers, ...more });
  const centre = await openCentre({ logger, settings, dependencies });
  const body = { token: centre.setupToken, username: 'chief', password: chiefPassword };
  await centre.ask('POST', '/api/setup', { body });
  const chief = (await centre.store.userByName('chief'))?.userId ?? '';
  const { raw, close } = rawRequestTo(centre.address);
  return {
    centre,
    raw,
    chief,
    cookie: await centre.cookieOf(chief),
    lines,
    close: async () => {
      close();
      await centre.close();
    },
  };
}
