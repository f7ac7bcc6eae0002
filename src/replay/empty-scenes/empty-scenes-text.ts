/** What an empty scene raised, in lines for a person to read. */
import type { Box } from '../../contract/shape.ts';
import type { EmptyScene } from './empty-scenes.ts';

export function emptySceneText(scene: EmptyScene): string {
  const { surest, tracks, events } = scene;
  const lines = [
    `${scene.scene}: ${events} events, ${tracks.length} tracks in ${scene.analysedFrames} frames at ${scene.analysisFps} fps`,
    ...(surest === undefined
      ? ['  nothing was detected']
      : [
          `  surest detection: ${surest.label} ${share(surest.confidence)} at ${place(surest.box)}`,
        ]),
    ...tracks.map(({ trackId, steps }) => {
      const sure = steps.map(({ confidence }) => confidence);
      const mean = sure.reduce((sum, one) => sum + one, 0) / sure.length;
      return (
        `  track ${trackId}: frames ${steps[0]?.frame} to ${steps.at(-1)?.frame}, ${steps.length} boxes, ` +
        `confidence ${share(Math.min(...sure))} to ${share(Math.max(...sure))}, mean ${share(mean)}`
      );
    }),
    ...(events === 0 ? [] : [`  fired: ${scene.firedRules.join(', ')}`]),
  ];
  return lines.join('\n');
}

/** Fractions of the picture. */
function place({ left, top, right, bottom }: Box): string {
  return [left, top, right, bottom].map(share).join(' ');
}

function share(value: number): string {
  return value.toFixed(2);
}
