/** The collector's routes, one function each. All throw `ApiError`. */
import type { SessionView } from '../../contract/account-view.ts';
import type { BlindEntry } from '../../contract/blind-time.ts';
import type { CentreView } from '../../contract/centre-view.ts';
import type {
  AlarmState,
  AlarmView,
  AnnouncementRecord,
  CameraView,
  CloseReason,
  EdgeView,
  RulesView,
  SpeakerView,
} from '../../contract/console-api.ts';
import type { MapView } from '../../contract/map-view.ts';
import type { CameraRules, OneRule, VersionedRules } from '../../contract/rule.ts';
import type { RuleReplay } from '../../contract/rule-replay.ts';
import type { RuleAnnouncement } from '../../contract/rule-response.ts';
import type { TalkView } from '../../contract/talk.ts';
import type { RecordingView, VoiceTemplate, VoiceView } from '../../contract/voice.ts';
import { request, requestFile } from './request.ts';

export type Credentials = Readonly<{ username: string; password: string }>;

export const readSession = () => request<SessionView>('GET', '/api/session');
export const setUp = (body: Credentials & Readonly<{ token: string }>) =>
  request<unknown>('POST', '/api/setup', body);
export const signIn = (body: Credentials) => request<unknown>('POST', '/api/sign-in', body);
export const signOut = () => request<unknown>('POST', '/api/sign-out');

export const readCentre = () => request<CentreView>('GET', '/api/centre');
export const forgetDamage = () => request<unknown>('DELETE', '/api/centre/damage');
export const confirmClock = () => request<unknown>('POST', '/api/centre/clock-confirmation');
export const changeHold = (alarmId: string, order: 'hold' | 'release', reason: string) =>
  request<AlarmView>('POST', `/api/alarms/${encodeURIComponent(alarmId)}/${order}`, { reason });

export const readCameras = () => request<readonly CameraView[]>('GET', '/api/cameras');
export const readMap = () => request<MapView>('GET', '/api/map');
export const mapPictureAddress = '/api/map/picture';
export const readEdges = () => request<readonly EdgeView[]>('GET', '/api/edges');
export const readBlindTime = (cameraId: string, since: string) =>
  request<readonly BlindEntry[]>('GET', `/api/cameras/${cameraId}/blind-time?since=${since}`);
export const readSpeakers = () => request<readonly SpeakerView[]>('GET', '/api/speakers');

export const readFailedAnnouncements = () =>
  request<readonly AnnouncementRecord[]>('GET', '/api/announcements?failedOnly=true&limit=100');
export const soundTone = (speakerId: string) =>
  request<Pick<AnnouncementRecord, 'state' | 'reason'>>('POST', `/api/speakers/${speakerId}/tone`);
export const silenceSpeaker = (speakerId: string) =>
  request<SpeakerView>('POST', `/api/speakers/${speakerId}/silence`);
export const confirmSpeakerHeard = (speakerId: string) =>
  request<SpeakerView>('POST', `/api/speakers/${speakerId}/heard`);

export const readRules = (cameraId: string) =>
  request<RulesView>('GET', `/api/cameras/${cameraId}/rules`);
export const saveRules = (cameraId: string, rules: CameraRules, basedOnVersion: number) =>
  request<VersionedRules>('PUT', `/api/cameras/${cameraId}/rules`, { rules, basedOnVersion });

/** Nothing is saved. */
export const replayRule = (cameraId: string, rule: OneRule) =>
  request<RuleReplay>('POST', `/api/cameras/${cameraId}/rule-replay`, { rule });

export type AlarmQuery = Readonly<{
  states: readonly AlarmState[];
  cameraId?: string | undefined;
  /** The last alarm of the page before. */
  before?: string | undefined;
  /** Only those that were raised before. */
  beforeMs?: number | undefined;
  limit: number;
}>;

export function readAlarms(query: AlarmQuery): Promise<readonly AlarmView[]> {
  const words = new URLSearchParams({ limit: String(query.limit) });
  for (const state of query.states) words.append('state', state);
  if (query.cameraId !== undefined) words.set('cameraId', query.cameraId);
  if (query.before !== undefined) words.set('before', query.before);
  if (query.beforeMs !== undefined) words.set('beforeMs', String(query.beforeMs));
  return request<readonly AlarmView[]>('GET', `/api/alarms?${words}`);
}

const openPage = 200;
/** A centre with more open alarms than this has other worries than the oldest of them. */
const mostOpenPages = 25;

/** All of them, page by page: one that calls must not vanish behind those that came after it. */
export async function readOpenAlarms(): Promise<readonly AlarmView[]> {
  const alarms: AlarmView[] = [];
  for (let pages = 0; pages < mostOpenPages; pages += 1) {
    const before = alarms.at(-1)?.alarmId;
    const page = await readAlarms({ states: ['raised', 'acknowledged'], before, limit: openPage });
    alarms.push(...page);
    if (page.length < openPage) break;
  }
  return alarms;
}

export const readAlarm = (alarmId: string) =>
  request<AlarmView>('GET', `/api/alarms/${encodeURIComponent(alarmId)}`);
export const acknowledgeAlarm = (alarmId: string) =>
  request<AlarmView>('POST', `/api/alarms/${encodeURIComponent(alarmId)}/acknowledge`);
export const closeAlarm = (alarmId: string, reason: CloseReason, note: string) =>
  request<AlarmView>('POST', `/api/alarms/${encodeURIComponent(alarmId)}/close`, {
    reason,
    ...(note === '' ? {} : { note }),
  });

/** A signed tar. */
export const exportAlarm = (alarmId: string, reason: string) =>
  requestFile('POST', `/api/alarms/${encodeURIComponent(alarmId)}/export`, { reason });

export const stopAnnouncement = (alarmId: string) =>
  request<AlarmView>('POST', `/api/alarms/${encodeURIComponent(alarmId)}/stop-announcement`);

export const snapshotAddress = (eventId: string): string => `/api/events/${eventId}/snapshot`;

export const readTalks = () => request<readonly TalkView[]>('GET', '/api/talks');

export const readVoice = () => request<VoiceView>('GET', '/api/voice');
export const saveRecording = (name: string, title: string, file: Blob) =>
  request<RecordingView>(
    'PUT',
    `/api/voice/recordings/${name}?${new URLSearchParams({ title })}`,
    file,
  );
export const removeRecording = (name: string) =>
  request<unknown>('DELETE', `/api/voice/recordings/${name}`);
export const saveTemplate = ({ templateId, ...body }: VoiceTemplate) =>
  request<VoiceTemplate>('PUT', `/api/voice/templates/${templateId}`, body);
export const removeTemplate = (templateId: string) =>
  request<unknown>('DELETE', `/api/voice/templates/${templateId}`);
/** The sound as the lane would hear it. */
export const previewSound = (announcement: RuleAnnouncement, cameraId: string | undefined) =>
  requestFile('POST', '/api/voice/preview', {
    announcement,
    ...(cameraId === undefined ? {} : { cameraId }),
  });
export const clipAddress = (eventId: string): string => `/api/clips/${eventId}`;
