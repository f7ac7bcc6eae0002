/** The figures of a run as a table for a person to read. */
import type { RunFigures } from './figures.ts';

export function benchText(title: string, figures: RunFigures): string {
  const { parts } = figures;
  return [
    title,
    row([
      'camera',
      'cpu %',
      'ffmpeg',
      'worker',
      'infer',
      'shared',
      'fps',
      'looks/s',
      'age p95',
      'dropped',
    ]),
    ...figures.cameras.map((camera) =>
      row([
        camera.cameraId,
        ...[camera.cpuPercent, camera.ffmpegPercent, camera.workerPercent].map(shown),
        ...[camera.inferencePercent, camera.sharedPercent, camera.analysedFps].map(shown),
        shown(camera.looksPerSecond),
        `${camera.frameAgeP95Ms} ms`,
        String(camera.droppedFrames),
      ]),
    ),
    `all of it, in percent of one core: ffmpeg ${shown(parts.ffmpegPercent)}, camera workers ${shown(parts.workersPercent)}, ` +
      `inference ${shown(parts.inferencePercent)}, scaling ${shown(parts.scalingPercent)}, V8's helpers ${shown(parts.v8Percent)}, ` +
      `main thread and rest ${shown(parts.mainAndRestPercent)}; one inference ${shown(figures.inferenceMs)} ms`,
    ...(figures.liveFfmpegPercent === 0
      ? []
      : [
          `the live view's own ffmpeg: ${shown(figures.liveFfmpegPercent)} % of a core (in "ffmpeg" above)`,
        ]),
    `capture to publish: p50 ${figures.captureToPublishP50Ms} ms, p95 ${figures.captureToPublishP95Ms} ms over ${figures.events} events; ` +
      `memory ${figures.rssMb} MB (shared pages once), of which the edge process ${figures.edgeRssMb} MB; main thread still for ${figures.mainLagMs} ms at most`,
  ].join('\n');
}

export const howItIsCounted =
  "A camera's ffmpeg and worker thread are its own. Inference threads are shared by the time they were busy for it, picture " +
  "scaling by its looks, V8's helpers by its worker's time, the rest evenly. Serving the streams and taking the events is " +
  'done by another process and not counted.';

function shown(value: number): string {
  return value.toFixed(2);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(9))).join('');
}
