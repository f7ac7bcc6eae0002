/** A zone or a privacy mask on the canvas. */
import type { KonvaEventObject } from 'konva/lib/Node';
import { Group, Line } from 'react-konva';
import { centreOf, toSpot } from '../picture/picture-geometry.ts';
import { colourOf, lineWidth } from './drawing-look.ts';
import { withInsertedPoint, withMovedShape } from './drawn-rule.ts';
import { ShapeHandles } from './shape-handles.tsx';
import { ShapeName } from './shape-name.tsx';
import type { ShapeSettings } from './shape-settings.ts';

/** A mask shows that nothing is to be seen there. */
const fillOf = { zone: 'rgba(183, 156, 255, 0.18)', mask: 'rgba(0, 0, 0, 0.72)' } as const;

export function AreaShape({
  drawn,
  size,
  selected,
  onSelect,
  onChange,
}: ShapeSettings<'zone' | 'mask'>) {
  const colour = colourOf[drawn.kind];
  const { rule } = drawn;
  const spots = rule.points.map((point) => toSpot(point, size));
  const centre = centreOf(spots);
  return (
    <Group>
      <Line
        points={spots.flatMap(({ x, y }) => [x, y])}
        closed
        stroke={colour}
        strokeWidth={selected ? lineWidth + 2 : lineWidth}
        fill={fillOf[drawn.kind]}
        lineJoin="round"
        draggable={selected}
        onPointerClick={onSelect}
        onDragEnd={({ target }: KonvaEventObject<DragEvent>) => {
          const by = target.position();
          target.position({ x: 0, y: 0 });
          onChange(withMovedShape(drawn, by.x / size.width, by.y / size.height), 'shape');
        }}
        onPointerDblClick={({ target }: KonvaEventObject<PointerEvent>) => {
          const at = target.getStage()?.getPointerPosition();
          if (at) onChange(withInsertedPoint(drawn, at, size), 'insert');
        }}
      />
      <ShapeName
        at={{ x: centre.x - 30, y: centre.y - 12 }}
        name={rule.name ?? rule.ruleId}
        colour={colour}
        size={size}
      />
      {selected ? <ShapeHandles drawn={drawn} size={size} onChange={onChange} /> : null}
    </Group>
  );
}
