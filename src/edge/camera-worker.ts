/**
 * One camera's thread: its ffmpeg, its scene, its rules. Frames never leave it; events, snapshots and states do.
 * Started by the worker supervisor with a WorkerStart; ends by itself after a `stop` message.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { AnyRule, CameraRules } from '../contract/rule.ts';
import { allRules } from '../contract/rule.ts';
import type { SceneEvent } from '../contract/rule-event.ts';
import { createCamera } from './camera/camera.ts';
import type { Frame } from './camera/frame.ts';
import { createDetector } from './detector/detector.ts';
import { drawSnapshot } from './evidence.ts';
import { createFrameFlow } from './frame-flow.ts';
import { createPulse } from './pulse.ts';
import { createRuleFit } from './rule-fit.ts';
import { createScene, type Scene } from './scene/scene.ts';
import type { FromWorker, RunningRules, ToWorker, WorkerStart } from './worker-messages.ts';

const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('a camera worker runs in a worker thread only');
const send = (message: FromWorker): void => port.postMessage(message);

let running: RunningRules = start.rules;
let scene: Scene | undefined;
let aspectRatio = 0;
let reportId = 0;
let streamWarnings: readonly string[] = [];
const ruleFit = createRuleFit(start.camera.cameraId);
const pulse = createPulse();
const detector = createDetector({ port: start.inference, model: start.model });

const flow = createFrameFlow({
  detect: (frame) => detector.detect(frame),
  observe: (sighting) => {
    if (scene === undefined) throw new Error('frames are observed after the scene was made');
    pulse.analysed(sighting.capturedAtMs, sighting.mediaTimeMs);
    return scene.observe(sighting);
  },
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
  drawSnapshot: (frame, detections, event) =>
    drawSnapshot(frame, detections, event, ruleOf(running.rules, event)),
  attachSnapshot: (id, jpeg) => send({ kind: 'snapshot', reportId: id, jpeg }),
  now: Date.now,
});

async function take(frame: Frame): Promise<void> {
  pulse.picture(frame.sourceWidth, frame.sourceHeight);
  const picture = { width: frame.sourceWidth, height: frame.sourceHeight };
  if (ruleFit.picture(picture, running.version)) {
    scene?.applyRules(fittingRules());
    sendWarnings();
  }
  const pictureAspectRatio = frame.sourceWidth / frame.sourceHeight;
  if (scene === undefined || Math.abs(pictureAspectRatio - aspectRatio) > 0.01) {
    aspectRatio = pictureAspectRatio;
    scene = createScene({ rules: fittingRules(), aspectRatio });
  }
  await flow.take(frame);
}

/** None while the picture has another shape than the one they were drawn on. */
function fittingRules(): CameraRules {
  return ruleFit.isSuspended() ? { schemaVersion: 1 } : running.rules;
}

function sendWarnings(): void {
  const unfit = ruleFit.sentence();
  const sentences = [...streamWarnings, ...(unfit === undefined ? [] : [unfit])];
  send({ kind: 'warnings', sentences });
}

function ruleOf(rules: CameraRules, event: SceneEvent): AnyRule | undefined {
  return allRules(rules).find(({ ruleId }) => ruleId === event.ruleId);
}

const camera = createCamera(start.camera, {
  onFrame: take,
  onState: (state, reason) =>
    send({ kind: 'state', state, atMs: Date.now(), ...(reason === undefined ? {} : { reason }) }),
  onWarnings: (sentences) => {
    streamWarnings = sentences;
    sendWarnings();
  },
  ffmpeg: start.ffmpeg,
});
const pulseTimer = setInterval(() => send({ kind: 'pulse', ...pulse.read(Date.now()) }), 1000);

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'rules':
      running = message.rules;
      scene?.applyRules(fittingRules());
      send({ kind: 'rules-applied', version: running.version });
      break;
    case 'stop':
      clearInterval(pulseTimer);
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
