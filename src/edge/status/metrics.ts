/** The box's figures for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type CameraHealth, givesPictures } from '../../contract/edge-report.ts';
import type { BoxReport, CameraLoad } from './box-report.ts';

export type Metrics = Readonly<{
  contentType: string;
  text: () => Promise<string>;
}>;

type CameraFigure = readonly [name: string, help: string, of: (camera: CameraHealth) => number];

const cameraFigures: readonly CameraFigure[] = [
  ['up', '1 while pictures come', ({ state }) => (givesPictures(state) ? 1 : 0)],
  [
    'degraded',
    '1 while many of the pictures are damaged',
    ({ state }) => (state === 'degraded' ? 1 : 0),
  ],
  ['analysed_per_second', 'Pictures analysed a second', (camera) => camera.analysedPerSecond],
  [
    'frame_age_seconds',
    'Age of the newest picture',
    ({ frameAgeMs }) => (frameAgeMs ?? Number.NaN) / 1000,
  ],
  ['rules_version', 'Version of the rules that run', ({ rules }) => rules.appliedVersion],
  [
    'degraded_rules',
    'Rules that need more pictures a second than they get',
    ({ degradedRules }) => degradedRules?.length ?? 0,
  ],
];

/** Sums since the camera's worker began, as Prometheus' counters are. */
const loadFigures: readonly (readonly [string, string, (load: CameraLoad) => number])[] = [
  ['analysed_frames', 'Frames looked at by the motion gate', (load) => load.analysedFrames],
  [
    'gate_passed_frames',
    'Frames in which the motion gate called for a look; of all analysed ones this is its share',
    (load) => load.gatePassedFrames,
  ],
  [
    'unseen_frames',
    'Frames whose look failed or came too late: no rule fires on them',
    (load) => load.unseenFrames,
  ],
  [
    'looks',
    'Pictures looked at by the detector: whole frames, and crops of large ones',
    (load) => load.looks,
  ],
  ['dropped_frames', 'Frames that were due and let go', (load) => load.droppedFrames],
  ['inference_seconds', 'Time an inference thread was busy', (load) => load.inferenceSeconds],
  [
    'decode_errors',
    'Pictures the decoder had to guess parts of, and packets it could make no picture of',
    (load) => load.decodeErrors,
  ],
  ['harmed_pictures', 'Pictures that lost packets on the way', (load) => load.harmedPictures],
  ['stalls', 'How often the stream fell silent', (load) => load.stalls],
  ['connections', 'How often an ffmpeg was started for it', (load) => load.connections],
  ['cpu_seconds', "Processor time of the camera's thread", (load) => load.cpuSeconds],
];

const boxFigures: readonly (readonly [string, string, (report: BoxReport) => number])[] = [
  ['outbox_rows', 'Events that the centre has not acknowledged', ({ health }) => health.outboxRows],
  [
    'broker_connected',
    '1 while the broker is connected',
    (report) => (report.brokerConnected ? 1 : 0),
  ],
  [
    'inference_seconds',
    'Moving average of one inference',
    ({ health }) => (health.inferenceMs ?? Number.NaN) / 1000,
  ],
  [
    'inference_wait_seconds',
    'How long a look waits for its turn',
    ({ looks }) => looks.waitMs / 1000,
  ],
  [
    'certificate_end_time_seconds',
    'When the certificate of the broker runs out',
    ({ health }) => (health.certificateEndsAtMs ?? Number.NaN) / 1000,
  ],
  ['overloaded', '1 while looks wait too long', ({ looks }) => (looks.isOverloaded ? 1 : 0)],
  ['start_time_seconds', 'When the box was started', ({ startedAtMs }) => startedAtMs / 1000],
];

export function createMetrics(reportNow: () => BoxReport): Metrics {
  const registry = new Registry();
  // Asked once for all figures together: it reads from disk, and all of them are then of one moment.
  let asked = reportNow();
  const report = (): BoxReport => asked;
  collectDefaultMetrics({ register: registry });
  for (const [name, help, of] of boxFigures) {
    const gauge: Gauge = new Gauge({
      name: `haoguanjia_edge_${name}`,
      help,
      registers: [registry],
      collect: () => gauge.set(of(report())),
    });
  }
  for (const [name, help, of] of cameraFigures) {
    const gauge: Gauge = new Gauge({
      name: `haoguanjia_camera_${name}`,
      help,
      labelNames: ['camera'],
      registers: [registry],
      collect: () => {
        for (const camera of report().health.cameras)
          gauge.set({ camera: camera.cameraId }, of(camera));
      },
    });
  }
  registerLoads(registry, () => report().loads);
  const blind: Gauge = new Gauge({
    name: 'haoguanjia_rule_blind_seconds_today',
    help: 'For how long the rule could not have fired today; without a rule, the whole camera',
    labelNames: ['camera', 'rule', 'reason'],
    registers: [registry],
    collect: () => {
      blind.reset();
      for (const { cameraId, ruleId = '', reason, seconds } of report().blindToday)
        blind.set({ camera: cameraId, rule: ruleId, reason }, seconds);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => {
      asked = reportNow();
      return registry.metrics();
    },
  };
}

function registerLoads(registry: Registry, loads: () => BoxReport['loads']): void {
  for (const [name, help, of] of loadFigures) {
    const counter: Counter = new Counter({
      name: `haoguanjia_camera_${name}_total`,
      help,
      labelNames: ['camera'],
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const [camera, load] of loads()) counter.inc({ camera }, of(load));
      },
    });
  }
  const lastAnalysed: Gauge = new Gauge({
    name: 'haoguanjia_camera_last_analysed_timestamp_seconds',
    help: 'When the newest of the analysed frames was done with',
    labelNames: ['camera'],
    registers: [registry],
    collect: () => {
      lastAnalysed.reset();
      for (const [camera, { lastAnalysedAtMs }] of loads())
        if (lastAnalysedAtMs !== undefined) lastAnalysed.set({ camera }, lastAnalysedAtMs / 1000);
    },
  });
}
