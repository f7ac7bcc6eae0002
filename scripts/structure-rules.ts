/** Which room may import what: the laws of the README, for dependency-cruiser. */
import type { IForbiddenRuleType } from 'dependency-cruiser';

const test = '[.]test[.]tsx?$';
const outsideTests = [test, '^src/testing/'];

/** A room may import of src/ only itself and what is listed. */
const room = (path: string, ...mayImport: readonly string[]): IForbiddenRuleType => ({
  name: `room ${path}`,
  severity: 'error',
  from: { path: `^src/${path}/`, pathNot: test },
  to: {
    path: '^src/',
    pathNot: [`^src/${path}/`, ...mayImport.map((allowed) => `^src/${allowed}`)],
  },
});

const faces = [
  'camera/(camera|frame|clip-reader|ffmpeg-keeper|ffmpeg-process|rtsp-message)',
  'detector/(detector|local-detector|detection|provider-names|inference-pool|model-manifest|motion-gate|luma-grid|picture-detail|tampering)',
  'blind-time/(blind-time|sights)',
  'geometry/iou',
  'scene/(scene|attention|leaving-watch)',
  'clips/clips',
  'live/live-view',
  'privacy/privacy-mask',
  'track-log/(track-log|track-recorder|stored-replay)',
  'uplink/uplink',
  'status/(status|box-report)',
  'alarms/(alarms|alarm|warning|wording)',
  'store/(store|create-store|damage|store-fault|account|audit|edge-credential)',
  'retention/(retention|retention-rules|retention-config)',
  'backup/backup',
  'speakers/(speakers|speaker-config)',
  'http/http',
  'enrolment/(enrolment|mosquitto-files)',
  'operation/(operation|centre-figures)',
  'webhooks/(webhooks|webhook-config)',
  'outputs/outputs',
  'evidence/(evidence|verify-export)',
].join('|');

const forbidden: IForbiddenRuleType[] = [
  room('contract'),
  room('edge/geometry', 'contract/'),
  room('edge/camera', 'contract/'),
  room('edge/blind-time', 'edge/geometry/', 'contract/'),
  room('edge/clips', 'contract/', 'edge/camera/'),
  room('edge/live', 'contract/', 'edge/camera/', 'edge/privacy/'),
  room('edge/privacy', 'edge/camera/frame[.]ts', 'contract/'),
  room('edge/detector', 'edge/camera/frame[.]ts', 'edge/geometry/', 'contract/'),
  room('edge/scene', 'edge/detector/detection[.]ts', 'edge/geometry/', 'contract/'),
  room('edge/track-log', 'edge/scene/(scene|replay-rule)[.]ts', 'contract/'),
  room('edge/uplink', 'contract/'),
  room('edge/status', 'contract/'),
  room('edge', 'contract/'),
  room('collector/backup', 'collector/store/create-store[.]ts'),
  room('collector/clips', 'collector/store/store[.]ts', 'contract/'),
  room('collector/alarms', 'collector/store/store[.]ts', 'contract/'),
  room(
    'collector/store',
    'collector/alarms/(alarm|warning)[.]ts',
    'collector/retention/retention-rules[.]ts',
    'contract/',
  ),
  room('collector/retention', 'collector/store/(store|retention)[.]ts', 'contract/'),
  room(
    'collector/speakers',
    'collector/alarms/alarm[.]ts',
    'collector/store/store[.]ts',
    'contract/',
  ),
  room('collector/enrolment', 'collector/store/edge-credential[.]ts', 'contract/'),
  room(
    'collector/http',
    'collector/store/(store|damage|store-fault|account|audit|edge-credential)[.]ts',
    'collector/alarms/(alarms|alarm|wording)[.]ts',
    'collector/enrolment/enrolment[.]ts',
    'contract/',
  ),
  room('collector/evidence', 'collector/store/store[.]ts', 'contract/'),
  room('collector/outputs', 'contract/'),
  room('collector/webhooks', 'collector/store/store[.]ts', 'contract/'),
  room('collector/operation', 'collector/store/store[.]ts', 'contract/'),
  room('collector', 'contract/'),
  room('console', 'contract/'),
  room('replay', 'edge/', 'contract/'),
  room('bench', 'demo/(broker|rtsp-server)', 'replay/empty-scenes/background', 'contract/'),
  {
    name: 'faces only',
    comment: "a side's own files import a room by the file that bears its name, or its noun",
    severity: 'error',
    from: { path: '^src/((edge|collector)/[^/]+|demo/.+|replay/.+|bench/.+)[.]ts$', pathNot: test },
    to: { path: '^src/(edge|collector)/[^/]+/', pathNot: `^src/[^/]+/(${faces})[.]ts$` },
  },
  {
    name: 'pure rooms',
    comment: 'no node core, and of npm only pure functions',
    severity: 'error',
    from: {
      path: '^src/(edge/(geometry|scene)/|collector/alarms/|collector/retention/(retention-rules|clock-guard))',
      pathNot: test,
    },
    to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/munkres/' },
  },
  {
    name: 'contract without node',
    comment:
      'but for the seal of secrets, the check of what is signed, the judging of addresses and the word to systemd, which edge and collector share and no browser loads',
    severity: 'error',
    from: {
      path: '^src/contract/',
      pathNot: [test, '(sealed-secret|signed-files|special-address|systemd-watchdog)[.]ts$'],
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'testing is for tests',
    severity: 'error',
    from: { path: '^src/', pathNot: outsideTests },
    to: { path: '^src/testing/' },
  },
  { name: 'no circular', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no orphans',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: ['/public/', 'main[.]tsx?$', 'vite[.]config[.]ts$', '[.]d[.]ts$'],
    },
    to: {},
  },
];

export const structure = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
