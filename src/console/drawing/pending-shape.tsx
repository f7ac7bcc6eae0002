/** The shape that is being drawn, up to the pointer. */
import { Circle, Line } from 'react-konva';
import { distance, type Size, type Spot, toSpot } from '../picture/picture-geometry.ts';
import { colourOf, lineWidth } from './drawing-look.ts';
import { isArea, type RulePoint } from './drawn-rule.ts';
import type { Tool } from './rules-editor.ts';

export function PendingShape({
  tool,
  points,
  pointer,
  size,
}: Readonly<{
  tool: Tool;
  points: readonly RulePoint[];
  pointer: Spot | undefined;
  size: Size;
}>) {
  const spots = points.map((point) => toSpot(point, size));
  const first = spots[0];
  if (tool === 'select' || first === undefined) return null;
  const colour = colourOf[tool];
  if (tool === 'watch-point') {
    return (
      <Circle
        x={first.x}
        y={first.y}
        radius={pointer === undefined ? 0 : distance(first, pointer)}
        stroke={colour}
        strokeWidth={lineWidth}
        dash={[8, 6]}
        listening={false}
      />
    );
  }
  const shown = pointer === undefined ? spots : [...spots, pointer];
  return (
    <>
      <Line
        points={shown.flatMap(({ x, y }) => [x, y])}
        closed={isArea(tool)}
        stroke={colour}
        strokeWidth={lineWidth}
        dash={[8, 6]}
        listening={false}
      />
      {spots.map((spot) => (
        <Circle
          key={`${spot.x}-${spot.y}`}
          x={spot.x}
          y={spot.y}
          radius={6}
          fill={colour}
          listening={false}
        />
      ))}
    </>
  );
}
