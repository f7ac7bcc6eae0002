/**
 * Random walks through the real tracker and rules against exact truth: `bench-walks.ts [WALKS] [PICTURES A SECOND]`.
 * Half of them are alone in the picture, half of them two at a time. A walk is right when all its crossings were told, each
 * once and in its direction, and nothing else. Faults: every fifth detection is missing, and 5 px of noise. Of `decided`
 * walks the truth does not hang on less than three times the noise; `blind` are the same without appearance vectors, and
 * `all` are taken as they come.
 */
import { createScene } from '../src/edge/scene/scene.ts';
import { judgeWalk, type ToldCrossing, type Walk } from '../src/testing/walk-truth.ts';
import { detect, randomWalk, seededRandom, toFraction, walkPicture } from '../src/testing/walks.ts';

const [walks = 10_000, framesPerSecond = 5] = process.argv.slice(2).map(Number);
const faults = { droppedShare: 0.2, noisePx: 5, looks: true };

function watch(walk: Walk, seed: number, looks: boolean): readonly ToldCrossing[] {
  const { width, height } = walkPicture;
  const points = walk.wire.map(toFraction).map(([x, y]): [number, number] => [x, y]);
  const rules = { schemaVersion: 1 as const, tripwires: [{ ruleId: 'wire', points }] };
  const scene = createScene({ rules, aspectRatio: width / height });
  return detect(walk, seededRandom(seed), framesPerSecond, { ...faults, looks }).flatMap(
    ({ atMs, detections }) =>
      scene
        .observe({ detections, mediaTimeMs: atMs, capturedAtMs: atMs })
        .events.flatMap((event) => {
          if (event.kind !== 'tripwire-crossed') return [];
          const [x, y] = event.footPoint;
          const spot = { x: x * width, y: y * height };
          return [{ direction: event.direction, atMs: event.mediaTimeMs, spot }];
        }),
  );
}

for (const [name, marginPx] of [
  ['decided', 3 * faults.noisePx],
  ['blind', 3 * faults.noisePx],
  ['all', 0],
] as const) {
  let rightInAll = 0;
  for (const people of [1, 2]) {
    const scenes = walks / 2 / people;
    const wrong: number[] = [];
    let right = 0;
    for (let seed = 1; seed <= scenes; seed += 1) {
      const walk = randomWalk(seededRandom(seed * 2), people, marginPx);
      const rights = judgeWalk(walk, watch(walk, seed * 2 + 1, name !== 'blind'));
      right += rights.filter((isRight) => isRight).length;
      if (rights.includes(false)) wrong.push(seed);
    }
    rightInAll += right;
    const share = ((200 * right) / walks).toFixed(2);
    const seeds = wrong.slice(0, 12).join(' ');
    process.stdout.write(`${name}, ${people} at a time: ${share} % right; wrong: ${seeds}\n`);
  }
  process.stdout.write(`${name}: ${((100 * rightInAll) / walks).toFixed(2)} % of ${walks} right\n`);
}
