/**
 * Examples for the interface's documentation: of each thing that answers are made of, and of each body that is sent. A lane
 * of an invented town; checked against the schemas by a test.
 */
import {
  OneTimeToken,
  OpenSessionView,
  SessionView,
  UserView,
} from '../../contract/account-view.ts';
import { AuditRow, AuditVerification } from '../../contract/audit-view.ts';
import { BlindEntry } from '../../contract/blind-time.ts';
import { CentreView } from '../../contract/centre-view.ts';
import {
  AlarmView,
  AnnouncementRecord,
  CameraView,
  EdgeView,
  RulesView,
  SpeakerView,
} from '../../contract/console-api.ts';
import { EdgeCode, EdgeCredentialView, Enrolled } from '../../contract/enrolment.ts';
import { GivenUpDelivery } from '../../contract/given-up-delivery.ts';
import { MapView } from '../../contract/map-view.ts';
import { RuleEvent } from '../../contract/rule-event.ts';
import { RuleReplay } from '../../contract/rule-replay.ts';
import { TalkView } from '../../contract/talk.ts';
import { RecordingView, VoiceTemplate, VoiceView } from '../../contract/voice.ts';
import {
  alarm,
  alarmId,
  announcement,
  atMs,
  event,
  ids,
  recording,
  rules,
  scope,
  template,
  token,
  tripwire,
  user,
} from './example-lane.ts';
import { Refusal } from './http-error.ts';

/** By the schema object itself. */
export const exampleOf: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  [Refusal, { error: 'not-found', message: `there is no alarm "${alarmId}"` }],
  [AlarmView, alarm],
  [RuleEvent, event],
  [AnnouncementRecord, { ...announcement, alarmId, cameraId: ids.cameraId }],
  [
    CameraView,
    {
      ...ids,
      ...{ name: '东大街 1 号口', lane: '东大街', community: '东大街社区', grid: '东大街网格' },
      ...{ speakerId: 'dongdajie-horn', state: 'live', stateSinceMs: atMs },
      ...{ analysedPerSecond: 5, width: 1920, height: 1080 },
      ...{ savedRulesVersion: 3, appliedRulesVersion: 3 },
    },
  ],
  [EdgeView, { edgeId: ids.edgeId, online: true, sinceMs: atMs, outboxRows: 0 }],
  [
    SpeakerView,
    {
      ...{ speakerId: 'dongdajie-horn', name: '东大街喇叭', driver: 'sip', state: 'ready' },
      ...{ stateSinceMs: atMs, provenAtMs: atMs, isOverdue: false, takesLive: true },
      ...{ speaking: 'nothing', waiting: 0 },
    },
  ],
  [
    RuleReplay,
    {
      seen: { fromMs: atMs - 86_000_000, toMs: atMs - 20_000 },
      ...{ count: 1, perHour: [{ fromMs: atMs - (atMs % 3_600_000), count: 1 }], tookMs: 640 },
      firings: [
        {
          ...{ kind: event.kind, atMs, footPoint: event.footPoint, trail: event.trail },
          direction: event.direction,
        },
      ],
    },
  ],
  [RulesView, { cameraId: ids.cameraId, rulesVersion: 3, rules }],
  [BlindEntry, { cameraId: ids.cameraId, day: '2026-11-24', reason: 'offline', seconds: 95 }],
  [
    MapView,
    {
      ...{ aspectRatio: 1.78, hasPicture: true },
      cameras: [{ cameraId: ids.cameraId, at: [0.17, 0.2] }],
      speakers: [{ speakerId: 'dongdajie-horn', at: [0.19, 0.2] }],
    },
  ],
  [TalkView, { speakerId: 'dongdajie-horn', by: 'li', sinceMs: atMs }],
  [VoiceTemplate, template],
  [RecordingView, recording],
  [VoiceView, { recordings: [recording], templates: [template] }],
  [SessionView, { username: 'li', role: 'operator', needsSetup: false }],
  [UserView, user],
  [OneTimeToken, token],
  [
    OpenSessionView,
    {
      ...{ sessionId: '5f2a', createdAtMs: atMs, seenAtMs: atMs, expiresAtMs: atMs + 43_200_000 },
      ...{ address: '10.0.2.15', program: 'Chromium', own: true },
    },
  ],
  [CentreView, {}],
  [
    GivenUpDelivery,
    {
      ...{ deliveryId: '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f609', webhookId: 'dispatch' },
      ...{ kind: 'alarm-raised', subject: `alarm ${alarmId}` },
      ...{ createdAtMs: atMs, givenUpAtMs: atMs + 86_400_000, attempts: 31 },
    },
  ],
  [
    AuditRow,
    {
      ...{ number: 87, atMs, actor: 'wang', address: '10.0.2.15', action: 'recording-exported' },
      ...{ outcome: 'done', cameraId: ids.cameraId, object: `alarm ${alarmId}` },
      detail: '{"reason":"case 2026-118"}',
    },
  ],
  [AuditVerification, { ok: true, rows: 87 }],
  [Enrolled, { username: ids.edgeId, password: 'shown-once' }],
  [EdgeCode, { code: 'K7QM-29XF', expiresAtMs: atMs + 3_600_000 }],
  [EdgeCredentialView, { edgeId: ids.edgeId, createdAtMs: atMs, revoked: false }],
]);

const password = 'seven-lanes-at-night';

/** What is sent, by method and address. */
export const bodyExamples: Readonly<Record<string, unknown>> = {
  'POST /api/sign-in': { username: 'li', password },
  'POST /api/setup': { token: token.token, username: 'wang', password },
  'POST /api/choose-password': { token: token.token, password },
  'POST /api/account/password': { current: 'the-password-until-now', password },
  'POST /api/alarms/:alarmId/close': { reason: 'handled', note: '社区已到场' },
  'POST /api/alarms/:alarmId/hold': { reason: 'case 2026-118' },
  'POST /api/alarms/:alarmId/release': { reason: 'case 2026-118 is closed' },
  'POST /api/events/:eventId/hold': { reason: 'case 2026-118' },
  'POST /api/events/:eventId/release': { reason: 'case 2026-118 is closed' },
  'POST /api/alarms/:alarmId/export': { reason: 'case 2026-118' },
  'PUT /api/cameras/:cameraId/rules': { rules, basedOnVersion: 2 },
  'POST /api/cameras/:cameraId/rule-replay': { rule: { kind: 'tripwire', tripwire } },
  'POST /api/enrol': { edgeId: ids.edgeId, code: 'K7QM-29XF' },
  'POST /api/users': { username: 'li', role: 'operator', scope },
  'PATCH /api/users/:userId': { role: 'supervisor' },
  'PUT /api/voice/templates/:templateId': { name: template.name, texts: template.texts },
  'POST /api/voice/preview': {
    announcement: { kind: 'speech', text: '请立即离开', language: 'zh-CN' },
    cameraId: ids.cameraId,
  },
};

/** Answers that are made of several things, by method, address and status. */
export const answerExamples: Readonly<Record<string, unknown>> = {
  'GET /health 503': { ok: false, store: 'full', broker: true, intake: 'well', disk: 'low' },
  'GET /health 200': { ok: true, store: 'well', broker: true, intake: 'well', disk: 'well' },
  'DELETE /api/voice/recordings/:name 200': {},
  'DELETE /api/voice/templates/:templateId 200': {},
  'POST /api/users 201': { user: { ...user, hasPassword: false }, token },
  'POST /api/speakers/:speakerId/tone 200': { state: 'played' },
  'GET /api/holds 200': [
    {
      ...{ eventId: event.eventId, cameraId: ids.cameraId, capturedAtMs: atMs - 60_000 },
      ...{ alarmId, reason: 'case 2026-118', by: 'wang', atMs },
    },
  ],
  'GET /api/deletions 200': [
    {
      ...{ number: 91, atMs },
      certificate: {
        ...{ items: 12, counts: { events: 8, snapshots: 4 } },
        cameras: { [ids.cameraId]: { events: 8, snapshots: 4 } },
        ...{ oldestMs: atMs - 2_678_400_000, newestMs: atMs - 2_592_000_000 },
        rule: { profile: 'cn', days: { events: 30, snapshots: 30 }, cameras: {} },
        sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      },
    },
  ],
};
