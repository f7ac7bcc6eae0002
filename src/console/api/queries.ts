/** What the console knows of the centre, cached by TanStack Query and kept fresh by the live feed. */
import {
  QueryCache,
  QueryClient,
  type QueryFunctionContext,
  type QueryKey,
  useQuery,
} from '@tanstack/react-query';
import { may, type Role } from '../../contract/access-rights.ts';
import type { SessionView } from '../../contract/account-view.ts';
import type { AlarmView, CameraView, EdgeView, SpeakerView } from '../../contract/console-api.ts';
import { dateText } from '../i18n/time-text.ts';
import { centreNowMs } from './centre-clock.ts';
import { ApiError } from './request.ts';
import {
  type AlarmQuery,
  readAlarms,
  readBlindTime,
  readCameras,
  readCentre,
  readEdges,
  readFailedAnnouncements,
  readMap,
  readOpenAlarms,
  readRules,
  readSession,
  readSpeakers,
  readTalks,
  readVoice,
} from './routes.ts';

export const keys = {
  session: ['session'],
  centre: ['centre'],
  cameras: ['cameras'],
  edges: ['edges'],
  map: ['map'],
  speakers: ['speakers'],
  failedAnnouncements: ['announcements', 'failed'],
  openAlarms: ['alarms', 'open'],
  closedAlarms: ['alarms', 'closed'],
  voice: ['voice'],
  talks: ['talks'],
  holds: ['holds'],
  rules: (cameraId: string) => ['rules', cameraId],
  blindTime: (cameraId: string) => ['blind-time', cameraId],
} as const;

/** Refused sessions are not asked again: the sign-in page takes over. */
const retriesWhile = (failures: number, error: unknown): boolean =>
  failures < 3 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);

export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) {
          void queries.invalidateQueries({ queryKey: keys.session });
        }
      },
    }),
    defaultOptions: {
      queries: { retry: retriesWhile, staleTime: 60_000, refetchOnWindowFocus: false },
    },
  });
  return queries;
}

/** Asked every ten seconds: a dead connection that the feed has not noticed yet shows here, and so does a session that ended. */
export const useSession = () =>
  useQuery({ queryKey: keys.session, queryFn: askSession, refetchInterval: 10_000, retry: 1 });

/** What was kept of one account is nothing for the next: the cookie may change hands in another window, too. */
async function askSession({ client }: QueryFunctionContext): Promise<SessionView> {
  const session = await readSession();
  const before = client.getQueryData<SessionView>(keys.session);
  if (before?.username !== session.username || before?.role !== session.role)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  return session;
}

/** Changes only when the centre starts, which ends the feed too. */
export const useCentre = () =>
  useQuery({ queryKey: keys.centre, queryFn: readCentre, refetchInterval: 60_000 });

/** Until it is known, the one that may least. */
export const useRole = (): Role => useSession().data?.role ?? 'auditor';

export const useCameras = () => useQuery({ queryKey: keys.cameras, queryFn: readCameras });
/** Changes only when the centre starts. */
export const useMap = () => useQuery({ queryKey: keys.map, queryFn: readMap });
export const useEdges = () => useQuery({ queryKey: keys.edges, queryFn: readEdges });
export const useSpeakers = () => useQuery({ queryKey: keys.speakers, queryFn: readSpeakers });
export const useFailedAnnouncements = () =>
  useQuery({ queryKey: keys.failedAnnouncements, queryFn: readFailedAnnouncements });

export const useVoice = () => useQuery({ queryKey: keys.voice, queryFn: readVoice });

/** Asked while a button for talking is in sight. */
export const useTalks = () =>
  useQuery({ queryKey: keys.talks, queryFn: readTalks, refetchInterval: 2000 });

export const useOpenAlarms = () =>
  useQuery({
    queryKey: keys.openAlarms,
    enabled: may(useRole(), 'alarm.read'),
    queryFn: readOpenAlarms,
  });

export const closedAlarmsPageSize = 50;

export const useClosedAlarms = (wanted: Omit<AlarmQuery, 'states' | 'limit'>) =>
  useQuery({
    queryKey: [...keys.closedAlarms, wanted],
    queryFn: () => readAlarms({ states: ['closed'], limit: closedAlarmsPageSize, ...wanted }),
  });

/** Edges tell it each minute. */
export const useBlindToday = (cameraId: string) =>
  useQuery({
    queryKey: keys.blindTime(cameraId),
    queryFn: () => readBlindTime(cameraId, dateText(centreNowMs())),
    refetchInterval: 60_000,
  });

/** Rules never change under the operator's hand: they are read when the page opens and after a save. */
export const useRules = (cameraId: string) =>
  useQuery({
    queryKey: keys.rules(cameraId),
    queryFn: () => readRules(cameraId),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** Puts an alarm as it now stands into the list of open ones; a closed one leaves it. */
export function putAlarm(queries: QueryClient, alarm: AlarmView): void {
  queries.setQueryData<readonly AlarmView[]>(keys.openAlarms, (known) => {
    const others = (known ?? []).filter((one) => one.alarmId !== alarm.alarmId);
    return alarm.state === 'closed' ? others : [alarm, ...others];
  });
  askAgain(queries, keys.openAlarms);
  // Only what is shown is asked for again.
  if (alarm.announcement !== undefined)
    void queries.invalidateQueries({ queryKey: keys.failedAnnouncements });
  // A feed message may be about its hold.
  void queries.invalidateQueries({ queryKey: keys.holds });
  if (alarm.state === 'closed') void queries.invalidateQueries({ queryKey: keys.closedAlarms });
}

export function putCamera(queries: QueryClient, camera: CameraView): void {
  queries.setQueryData<readonly CameraView[]>(keys.cameras, (known) =>
    replaceOrAdd(known ?? [], camera, (one) => one.cameraId === camera.cameraId),
  );
  askAgain(queries, keys.cameras);
}

export function putEdge(queries: QueryClient, edge: EdgeView): void {
  queries.setQueryData<readonly EdgeView[]>(keys.edges, (known) =>
    replaceOrAdd(known ?? [], edge, (one) => one.edgeId === edge.edgeId),
  );
  askAgain(queries, keys.edges);
}

export function putSpeaker(queries: QueryClient, speaker: SpeakerView): void {
  queries.setQueryData<readonly SpeakerView[]>(keys.speakers, (known) =>
    replaceOrAdd(known ?? [], speaker, (one) => one.speakerId === speaker.speakerId),
  );
  askAgain(queries, keys.speakers);
}

/** An answer that is on its way was made before the newest message and must not overwrite it. */
function askAgain(queries: QueryClient, queryKey: QueryKey): void {
  if (queries.isFetching({ queryKey, exact: true }) > 0) {
    void queries.invalidateQueries({ queryKey, exact: true });
  }
}

function replaceOrAdd<Item>(
  known: readonly Item[],
  item: Item,
  isSame: (one: Item) => boolean,
): readonly Item[] {
  return known.some(isSame) ? known.map((one) => (isSame(one) ? item : one)) : [...known, item];
}
