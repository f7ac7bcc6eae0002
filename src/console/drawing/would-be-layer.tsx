/** On the canvas: where people would have set the rule off, and how they came there. */
import { Circle, Group, Line } from 'react-konva';
import type { WouldBeEvent } from '../../contract/rule-replay.ts';
import { type Size, toSpot } from '../picture/picture-geometry.ts';
import { shadow } from './drawing-look.ts';
import { keyOf } from './use-rule-trial.ts';

const colour = '#ff8ad8';

export function WouldBeEvents({
  firings,
  pointedAt,
  size,
}: Readonly<{
  firings: readonly WouldBeEvent[];
  pointedAt: WouldBeEvent | undefined;
  size: Size;
}>) {
  return (
    <Group>
      {firings.map((firing) => (
        <Walk
          key={keyOf(firing)}
          firing={firing}
          size={size}
          opacity={pointedAt === undefined ? 0.6 : 0.15}
        />
      ))}
      {pointedAt === undefined ? null : <Walk firing={pointedAt} size={size} opacity={1} wide />}
    </Group>
  );
}

function Walk({
  firing,
  size,
  opacity,
  wide = false,
}: Readonly<{ firing: WouldBeEvent; size: Size; opacity: number; wide?: boolean }>) {
  const foot = toSpot(firing.footPoint, size);
  const points = firing.trail.map((point) => toSpot(point, size)).flatMap(({ x, y }) => [x, y]);
  return (
    <Group opacity={opacity} {...(wide ? shadow : {})}>
      <Line points={points} stroke={colour} strokeWidth={wide ? 4 : 1.5} lineJoin="round" />
      <Circle x={foot.x} y={foot.y} radius={wide ? 8 : 4} fill={colour} />
    </Group>
  );
}
