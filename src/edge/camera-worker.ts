/**
 * One camera's thread: its ffmpeg, its scene, its rules. Frames never leave it; events, snapshots and states do.
 * Started by the worker supervisor with a WorkerStart; ends by itself after a `stop` message.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { givesPictures } from '../contract/edge-report.ts';
import type { AnyRule, CameraRules } from '../contract/rule.ts';
import { allRules, defaultWindowSeconds, labelsOf } from '../contract/rule.ts';
import type { EventDraft, SceneEvent } from '../contract/rule-event.ts';
import { createCamera } from './camera/camera.ts';
import type { Frame } from './camera/frame.ts';
import { createDetector } from './detector/detector.ts';
import { drawSnapshot, plainPicture } from './evidence.ts';
import { createFrameFlow } from './frame-flow.ts';
import { createLeavingDesk } from './leaving-desk.ts';
import { closelyFor, largestWidthFor } from './look-closely.ts';
import { createLookout, type Lookout } from './lookout.ts';
import { createPassPictures } from './pass-pictures.ts';
import {
  createPictureGuard,
  type PictureFault,
  sentenceOf,
  tamperedDraft,
} from './picture-guard.ts';
import { createMaskPainter, masksOf } from './privacy/privacy-mask.ts';
import { createPulse } from './pulse.ts';
import { createRuleFit } from './rule-fit.ts';
import { createScene, type Scene, type Sighting } from './scene/scene.ts';
import { createTrackRecorder, type TrackRecorder } from './track-log/track-recorder.ts';
import type { FromWorker, RunningRules, ToWorker, WorkerStart } from './worker-messages.ts';

const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('a camera worker runs in a worker thread only');
/** No multiple of a picture's interval, so that the ages that are told are those of any moment between two pictures. */
const pulseMs = 970;
const send = (message: FromWorker): void => port.postMessage(message);

type Sight = Readonly<{
  aspectRatio: number;
  sinceMs: number;
  scene: Scene;
  lookout: Lookout;
}>;

let running: RunningRules = start.rules;
let sight: Sight | undefined;
let recorder: TrackRecorder | undefined;
let reportId = 0;
/** Why no pictures come, while none do. */
let unlive: string | undefined = 'the camera has not been seen yet';
let streamWarnings: readonly string[] = [];
const ruleFit = createRuleFit(start.camera.cameraId);
let hidden = masksOf(start.camera, running.rules);
let mask = createMaskPainter(hidden);
let guard = createPictureGuard(start.camera.cameraId);
const pulse = createPulse();
const detector = createDetector({
  port: start.inference,
  model: start.model,
  onInference: pulse.inferred,
  onLost: (what) => {
    if (what === 'answer') send({ kind: 'lost-look' });
    else throw new Error(`camera ${start.camera.cameraId}: the inference pool is gone`);
  },
});

const leaving = createLeavingDesk({
  sight: () => (sight === undefined ? undefined : { ...sight, rules: fittingRules() }),
  blindness: () => unlive ?? sentenceOf(pictureFault()),
  send: (answer) => send({ kind: 'leaving', leaving: answer }),
  now: () => performance.now(),
});

const passPictures = createPassPictures({ windowMsOf });

const flow = createFrameFlow({
  wantsLook: (frame) => present().lookout.wantsLook(frame),
  detect: (frame) => {
    const { lookout } = present();
    return detector.detect(frame, lookout.areas(frame), lookout.isUrgent());
  },
  observe: (sighting) => {
    const observation = present().scene.observe(wantedOf(sighting));
    recorder?.take(sighting, observation.tracks);
    leaving.observe(observation.tracks);
    return observation;
  },
  looked: (...found) => present().lookout.looked(...found),
  report: (event, stageTimes) => {
    reportId += 1;
    const draft = {
      ...event,
      cameraId: start.camera.cameraId,
      ruleVersion: running.version,
      modelVersion: start.model.version,
      stageTimes,
    };
    send({ kind: 'event', reportId, draft });
    return reportId;
  },
  keepPasses: passPictures.keep,
  drawSnapshot: (frame, detections, event) =>
    drawSnapshot(frame, detections, event, ruleOf(event), passPictures.of(event)),
  attachSnapshot: (id, jpeg) => send({ kind: 'snapshot', reportId: id, jpeg }),
  now: Date.now,
});

async function take(frame: Frame): Promise<void> {
  mask.paint(frame);
  pulse.picture(frame.sourceWidth, frame.sourceHeight);
  const picture = { width: frame.sourceWidth, height: frame.sourceHeight };
  if (ruleFit.picture(picture, running.version)) {
    applyRules();
    sendWarnings();
    if (ruleFit.isSuspended() && allRules(running.rules).length > 0)
      await reportTampering(tamperedDraft(start.camera.cameraId, 'reshaped', frame), frame);
  }
  const aspectRatio = frame.sourceWidth / frame.sourceHeight;
  if (sight === undefined || Math.abs(aspectRatio - sight.aspectRatio) > 0.01) {
    const settings = { rules: fittingRules(), aspectRatio };
    const { identity = true, looks = 'adaptive' } = start.camera;
    const scene = createScene({ ...settings, identity });
    recorder = recorderOf(aspectRatio);
    const closely = closelyFor(start.camera, start.model.input);
    leaving.forget('the picture became another one');
    const lookout = createLookout({ ...settings, looks, closely });
    sight = { aspectRatio, sinceMs: frame.capturedAtMs, scene, lookout };
  }
  const tampered = guard.look(frame);
  if (tampered !== undefined) await reportTampering(tampered, frame);
  await flow.take(frame);
  pulse.analysed(frame.capturedAtMs, frame.mediaTimeMs);
}

async function reportTampering(draft: EventDraft, frame: Frame): Promise<void> {
  reportId += 1;
  const id = reportId;
  send({ kind: 'event', reportId: id, draft });
  send({ kind: 'snapshot', reportId: id, jpeg: await plainPicture(frame) });
}

function present(): Sight {
  if (sight === undefined) throw new Error('a frame was taken before its size was known');
  return sight;
}

function applyRules(): void {
  const rules = fittingRules();
  sight?.scene.applyRules(rules);
  sight?.lookout.applyRules(rules);
}

/** What is hidden stays hidden even while the rules are suspended. A picture with other masks is another picture. */
function applyMasks(): void {
  const masks = masksOf(start.camera, running.rules);
  if (JSON.stringify(masks) === JSON.stringify(hidden)) return;
  hidden = masks;
  mask = createMaskPainter(masks);
  guard = createPictureGuard(start.camera.cameraId);
  sight?.lookout.forgetPicture();
  passPictures.forgetAll();
}

function recorderOf(pictureAspectRatio: number): TrackRecorder {
  recorder?.flush();
  const head = { runId: Date.now(), aspectRatio: pictureAspectRatio };
  return createTrackRecorder(head, (batch) => send({ kind: 'tracks', batch }));
}

/** The detector names whatever a street has; what no rule asks for is not followed. */
function wantedOf(sighting: Sighting): Sighting {
  const labels = new Set(['person', ...allRules(running.rules).flatMap(labelsOf)]);
  return { ...sighting, detections: sighting.detections.filter(({ label }) => labels.has(label)) };
}

/** None while the picture has another shape than the one they were drawn on. */
function fittingRules(): CameraRules {
  return ruleFit.isSuspended() ? { schemaVersion: 1 } : running.rules;
}

function pictureFault(): PictureFault | undefined {
  if (ruleFit.isSuspended()) return 'suspended';
  return guard.isWrong() ? 'tampered' : undefined;
}

function sendWarnings(): void {
  const unfit = ruleFit.sentence();
  const sentences = [...streamWarnings, ...(unfit === undefined ? [] : [unfit])];
  send({ kind: 'warnings', sentences });
}

function ruleOf({ ruleId }: Pick<SceneEvent, 'ruleId'>): AnyRule | undefined {
  return allRules(running.rules).find((rule) => rule.ruleId === ruleId);
}

function windowMsOf(ruleId: string): number {
  const rule = running.rules.watchPoints?.find((one) => one.ruleId === ruleId);
  return (rule?.windowSeconds ?? defaultWindowSeconds) * 1000;
}

const pictures = { ...start.camera, largestWidth: largestWidthFor(start.camera) };
const camera = createCamera(pictures, {
  onFrame: take,
  onDropped: pulse.dropped,
  onFault: pulse.fault,
  onState: (state, reason) => {
    unlive = givesPictures(state) ? undefined : (reason ?? `the camera is ${state}`);
    send({ kind: 'state', state, atMs: Date.now(), ...(reason === undefined ? {} : { reason }) });
  },
  onWarnings: (sentences) => {
    streamWarnings = sentences;
    sendWarnings();
  },
  ffmpeg: start.ffmpeg,
});
const pulseTimer = setInterval(() => {
  const atMs = Date.now();
  const ruleNeeds = sight?.scene.ruleNeeds() ?? [];
  const picture = pictureFault();
  const fault = picture === undefined ? {} : { picture };
  leaving.elapse();
  send({ kind: 'pulse', ...pulse.read(atMs), ...fault, ruleNeeds, atMs });
}, pulseMs);

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'rules':
      running = message.rules;
      applyMasks();
      applyRules();
      send({ kind: 'rules-applied', version: running.version });
      break;
    case 'watch-leaving':
      leaving.start(message.order, message.capturedAtMs);
      break;
    case 'stop':
      clearInterval(pulseTimer);
      recorder?.flush();
      void camera.stop().then(() => {
        detector.close();
        port.close();
      });
      break;
    default:
      message satisfies never;
  }
});
send({ kind: 'rules-applied', version: running.version });
sendWarnings();
camera.start();
