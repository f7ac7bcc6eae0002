/** The dots by which a shape's points are dragged; a right click takes a point away. */
import type { KonvaEventObject } from 'konva/lib/Node';
import { Circle } from 'react-konva';
import { type Size, toPoint, toSpot } from '../picture/picture-geometry.ts';
import { colourOf, handleRadius } from './drawing-look.ts';
import { type Drawn, pointsOf, withMovedPoint, withoutPoint } from './drawn-rule.ts';

export function ShapeHandles({
  drawn,
  size,
  onChange,
}: Readonly<{
  drawn: Drawn;
  size: Size;
  onChange: (changed: Drawn, mark: string) => void;
}>) {
  return pointsOf(drawn).map((point, index) => {
    const spot = toSpot(point, size);
    const move = ({ target }: KonvaEventObject<DragEvent>): void => {
      const to = toPoint({ x: target.x(), y: target.y() }, size);
      target.position(toSpot(to, size));
      onChange(withMovedPoint(drawn, index, to), `point ${index}`);
    };
    return (
      <Circle
        // Points have no identity of their own: their place in the shape is all there is.
        // Moving the dot moves the point with the same index.
        key={`${drawn.rule.ruleId}-${String(index)}`}
        name="handle"
        x={spot.x}
        y={spot.y}
        radius={handleRadius}
        fill="#10151c"
        stroke={colourOf[drawn.kind]}
        strokeWidth={3}
        hitStrokeWidth={16}
        draggable
        onDragMove={move}
        onContextMenu={({ evt }) => {
          evt.preventDefault();
          onChange(withoutPoint(drawn, index), `without ${index}`);
        }}
      />
    );
  });
}
