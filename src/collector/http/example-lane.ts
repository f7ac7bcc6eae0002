/** The lane of an invented town that the examples of the interface's documentation speak of. */
export const atMs = 1_795_500_000_000;
export const ids = { edgeId: 'edge-dongdajie', cameraId: 'dongdajie-01' } as const;
export const tripwire = {
  ruleId: 'gate',
  name: '1 号口',
  points: [
    [0.2, 0.7],
    [0.8, 0.7],
  ],
  direction: 'a-to-b',
};
export const rules = { schemaVersion: 1, tripwires: [tripwire] };

export const event = {
  kind: 'tripwire-crossed',
  schemaVersion: 1,
  eventId: '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f601',
  ...ids,
  sequence: 1042,
  capturedAtMs: atMs,
  mediaTimeMs: 51_200,
  historical: false,
  ruleId: 'gate',
  ruleVersion: 3,
  modelVersion: 'nanodet-int8',
  trackId: 7,
  personId: 4,
  label: 'person',
  confidence: 0.86,
  box: { left: 0.4, top: 0.3, right: 0.5, bottom: 0.72 },
  footPoint: [0.45, 0.72],
  trail: [
    [0.42, 0.64],
    [0.45, 0.72],
  ],
  direction: 'a-to-b',
};
export const announcement = {
  announcementId: '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f603',
  speakerId: 'dongdajie-horn',
  state: 'played',
  wording: '您已进入警戒区域，请立即离开',
  atMs: atMs + 900,
};
export const alarmId = '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f602';
export const alarm = {
  alarmId,
  state: 'raised',
  severity: 'warning',
  ...ids,
  cameraName: '东大街 1 号口',
  ruleName: '1 号口',
  raisedAtMs: atMs + 400,
  event,
  repeats: 0,
  late: false,
  rule: { kind: 'tripwire', tripwire },
  hasSnapshot: true,
  announcement,
};
export const scope = { kind: 'some', grids: ['东大街网格'], cameras: [] };
export const user = {
  userId: 'a3f1',
  username: 'li',
  role: 'operator',
  scope,
  disabled: false,
  createdAtMs: atMs,
  hasPassword: true,
};
export const token = { token: 'one-time-token', expiresAtMs: atMs + 86_400_000 };
export const template = {
  templateId: 'leave-at-once',
  name: '请离开',
  texts: { 'zh-CN': '{lane}警戒区域，请立即离开' },
};
export const recording = {
  name: 'dispersal',
  title: '疏散',
  seconds: 4.2,
  bytes: 134_444,
  savedAtMs: atMs,
};
