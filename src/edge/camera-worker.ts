/**
 * One camera's thread: its ffmpeg, its scene, its rules. Frames never leave it; events, snapshots and states do.
 * Started by the worker supervisor with a WorkerStart; ends by itself after a `stop` message.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { givesPictures } from '../contract/edge-report.ts';
import { allRules } from '../contract/rule.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import { createCamera } from './camera/camera.ts';
import type { Frame } from './camera/frame.ts';
import { createCameraSight } from './camera-sight.ts';
import { createDetector } from './detector/detector.ts';
import { drawSnapshot, plainPicture } from './evidence.ts';
import { createFrameFlow } from './frame-flow.ts';
import { createLeavingDesk } from './leaving-desk.ts';
import { largestWidthFor } from './look-closely.ts';
import { createPassPictures } from './pass-pictures.ts';
import {
  createPictureGuard,
  type PictureFault,
  sentenceOf,
  tamperedDraft,
} from './picture-guard.ts';
import { createMaskPainter, masksOf } from './privacy/privacy-mask.ts';
import { createPulse } from './pulse.ts';
import { createRulesAtWork } from './rules-at-work.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('a camera worker runs in a worker thread only');
/** No multiple of a picture's interval, so that the ages that are told are those of any moment between two pictures. */
const pulseMs = 970;
const send = (message: FromWorker): void => port.postMessage(message);

let reportId = 0;
/** Why no pictures come, while none do. */
let unlive: string | undefined = 'the camera has not been seen yet';
let streamWarnings: readonly string[] = [];
/** What is smeared after damage looks like another place: it is not judged by. Shorter than the gap that tampering may have. */
const smearedMs = 2000;
let harmedAtMs = Number.NEGATIVE_INFINITY;
const rules = createRulesAtWork(start.camera.cameraId, start.rules, (size, version) =>
  send({ kind: 'rules-drawn-on', version, size }),
);
let hidden = masksOf(start.camera, start.rules.rules);
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

const sight = createCameraSight({
  camera: start.camera,
  model: start.model,
  rules: rules.fitting,
  onTracks: (batch) => send({ kind: 'tracks', batch }),
  onNewPicture: () => leaving.forget('the picture became another one'),
});

const leaving = createLeavingDesk({
  sight: () => {
    const seen = sight.current();
    return seen === undefined ? undefined : { ...seen, rules: rules.fitting() };
  },
  blindness: () => unlive ?? sentenceOf(pictureFault()),
  send: (answer) => send({ kind: 'leaving', leaving: answer }),
  now: () => performance.now(),
});

const passPictures = createPassPictures({ windowMsOf: rules.windowMsOf });

const flow = createFrameFlow({
  wantsLook: (frame) => sight.lookout().wantsLook(frame),
  detect: (frame) => {
    const lookout = sight.lookout();
    return detector.detect(frame, lookout.areas(frame), lookout.isUrgent());
  },
  observe: (sighting) => {
    const observation = sight.observe(rules.wantedOf(sighting));
    leaving.observe(observation.tracks);
    return observation;
  },
  looked: (...found) => sight.lookout().looked(...found),
  report: (event, stageTimes) => {
    reportId += 1;
    const draft = {
      ...event,
      cameraId: start.camera.cameraId,
      ruleVersion: rules.current().version,
      modelVersion: start.model.version,
      stageTimes,
    };
    send({ kind: 'event', reportId, draft });
    return reportId;
  },
  keepPasses: (frame, observation) => {
    mask.paint(frame);
    return passPictures.keep(frame, observation);
  },
  drawSnapshot: (frame, detections, event) =>
    asHidden(frame, () =>
      drawSnapshot(frame, detections, event, rules.ruleOf(event), passPictures.of(event)),
    ),
  attachSnapshot: (id, jpeg) => send({ kind: 'snapshot', reportId: id, jpeg }),
  now: Date.now,
});

async function take(frame: Frame): Promise<void> {
  mask.paint(frame);
  pulse.picture(frame.sourceWidth, frame.sourceHeight);
  if (rules.picture({ width: frame.sourceWidth, height: frame.sourceHeight })) {
    sight.applyRules();
    sendWarnings();
    if (rules.isSuspended() && allRules(rules.current().rules).length > 0)
      await reportTampering(tamperedDraft(start.camera.cameraId, 'reshaped', frame), frame);
  }
  sight.picture(frame);
  const isSmeared = performance.now() - harmedAtMs < smearedMs;
  const tampered = isSmeared ? undefined : guard.look(frame);
  if (tampered !== undefined) await reportTampering(tampered, frame);
  pulse.analysed(frame, await flow.take(frame), Date.now());
}

async function reportTampering(draft: EventDraft, frame: Frame): Promise<void> {
  reportId += 1;
  const id = reportId;
  send({ kind: 'event', reportId: id, draft });
  send({ kind: 'snapshot', reportId: id, jpeg: await asHidden(frame, () => plainPicture(frame)) });
}

/** A look takes its time and a mask may come meanwhile: what leaves shows nothing that is hidden by then. */
async function asHidden(frame: Frame, draw: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const painter = mask;
  painter.paint(frame);
  const jpeg = await draw();
  return painter === mask ? jpeg : asHidden(frame, draw);
}

/** What is hidden stays hidden even while the rules are suspended. A picture with other masks is another picture. */
function applyMasks(): void {
  const masks = masksOf(start.camera, rules.current().rules);
  if (JSON.stringify(masks) === JSON.stringify(hidden)) return;
  hidden = masks;
  mask = createMaskPainter(masks);
  guard = createPictureGuard(start.camera.cameraId);
  sight.current()?.lookout.forgetPicture();
  passPictures.forgetAll();
}

function pictureFault(): PictureFault | undefined {
  if (rules.isSuspended()) return 'suspended';
  return guard.isWrong() ? 'tampered' : undefined;
}

function sendWarnings(): void {
  const unfit = rules.sentence();
  const sentences = [...streamWarnings, ...(unfit === undefined ? [] : [unfit])];
  send({ kind: 'warnings', sentences });
}

const pictures = { ...start.camera, largestWidth: largestWidthFor(start.camera) };
const camera = createCamera(pictures, {
  onFrame: take,
  onDropped: pulse.dropped,
  onFault: (fault) => {
    pulse.fault(fault);
    if (fault === 'decode-error' || fault === 'packets-lost') harmedAtMs = performance.now();
  },
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
  const ruleNeeds = sight.current()?.scene.ruleNeeds() ?? [];
  const picture = pictureFault();
  const fault = picture === undefined ? {} : { picture };
  leaving.elapse();
  send({ kind: 'pulse', ...pulse.read(atMs), ...fault, ruleNeeds, atMs });
}, pulseMs);

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'rules':
      rules.take(message.rules);
      applyMasks();
      sight.applyRules();
      send({ kind: 'rules-applied', version: rules.current().version });
      break;
    case 'watch-leaving':
      leaving.start(message.order, message.capturedAtMs);
      break;
    case 'stop':
      clearInterval(pulseTimer);
      sight.flush();
      void camera.stop().then(() => {
        detector.close();
        port.close();
      });
      break;
    default:
      message satisfies never;
  }
});
send({ kind: 'rules-applied', version: rules.current().version });
sendWarnings();
camera.start();
