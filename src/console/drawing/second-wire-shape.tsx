/** The second wire of two in order, dashed, with a 2 at its begin; its points are dragged like those of the first. */
import { Circle, Group, Line } from 'react-konva';
import { toPoint, toSpot } from '../picture/picture-geometry.ts';
import { colourOf, handleRadius, lineWidth, shadow } from './drawing-look.ts';
import { withMovedSecondPoint } from './second-wire.ts';
import { ShapeName } from './shape-name.tsx';
import type { ShapeSettings } from './shape-settings.ts';

const colour = colourOf.tripwire;

export function SecondWireShape(settings: ShapeSettings<'tripwire'>) {
  const { drawn, size, selected, onSelect, onChange } = settings;
  const { secondWire } = drawn.rule;
  if (secondWire === undefined) return null;
  const spots = secondWire.points.map((point) => toSpot(point, size));
  const first = spots[0] ?? { x: 0, y: 0 };
  return (
    <Group>
      <Line
        points={spots.flatMap(({ x, y }) => [x, y])}
        stroke={colour}
        strokeWidth={selected ? lineWidth + 1 : lineWidth}
        dash={[12, 6]}
        lineJoin="round"
        hitStrokeWidth={18}
        onPointerClick={onSelect}
        {...shadow}
      />
      <ShapeName at={{ x: first.x + 10, y: first.y + 10 }} name="2" colour={colour} size={size} />
      {selected
        ? spots.map((spot, index) => (
            <Circle
              // Points have no identity of their own: their place in the wire is all there is.
              key={`${drawn.rule.ruleId}-second-${String(index)}`}
              name="handle"
              x={spot.x}
              y={spot.y}
              radius={handleRadius}
              fill="#10151c"
              stroke={colour}
              strokeWidth={3}
              hitStrokeWidth={16}
              draggable
              onDragMove={({ target }) => {
                const to = toPoint({ x: target.x(), y: target.y() }, size);
                target.position(toSpot(to, size));
                const rule = withMovedSecondPoint(drawn.rule, index, to);
                onChange({ ...drawn, rule }, `second point ${index}`);
              }}
            />
          ))
        : null}
    </Group>
  );
}
