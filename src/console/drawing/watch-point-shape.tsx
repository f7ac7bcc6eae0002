/** A watch point on the canvas: drag the circle to move it, the dot on its rim to change the radius. */
import type { KonvaEventObject } from 'konva/lib/Node';
import { Circle, Group } from 'react-konva';
import { distance, toPoint, toSpot } from '../picture/picture-geometry.ts';
import { colourOf, handleRadius, lineWidth } from './drawing-look.ts';
import { withMovedPoint, withRadius } from './drawn-rule.ts';
import { ShapeName } from './shape-name.tsx';
import type { ShapeSettings } from './shape-settings.ts';

const colour = colourOf['watch-point'];

export function WatchPointShape(settings: ShapeSettings<'watch-point'>) {
  const { drawn, size, selected, onSelect, onChange } = settings;
  const { rule } = drawn;
  const centre = toSpot(rule.centre, size);
  const radius = rule.radiusOfHeight * size.height;
  return (
    <Group>
      <Circle
        x={centre.x}
        y={centre.y}
        radius={radius}
        stroke={colour}
        strokeWidth={selected ? lineWidth + 2 : lineWidth}
        fill="rgba(79, 214, 255, 0.16)"
        draggable={selected}
        onPointerClick={onSelect}
        onDragMove={({ target }: KonvaEventObject<DragEvent>) => {
          const to = toPoint({ x: target.x(), y: target.y() }, size);
          target.position(toSpot(to, size));
          onChange(withMovedPoint(drawn, 0, to), 'centre');
        }}
      />
      <Circle x={centre.x} y={centre.y} radius={4} fill={colour} listening={false} />
      <ShapeName
        at={{ x: centre.x - 30, y: centre.y + radius + 6 }}
        name={rule.name ?? rule.ruleId}
        colour={colour}
        size={size}
      />
      {selected ? <RadiusHandle {...settings} /> : null}
    </Group>
  );
}

function RadiusHandle({ drawn, size, onChange }: ShapeSettings<'watch-point'>) {
  const centre = toSpot(drawn.rule.centre, size);
  return (
    <Circle
      name="handle"
      x={centre.x + drawn.rule.radiusOfHeight * size.height}
      y={centre.y}
      radius={handleRadius}
      fill="#10151c"
      stroke={colour}
      strokeWidth={3}
      hitStrokeWidth={16}
      draggable
      onDragMove={({ target }: KonvaEventObject<DragEvent>) => {
        const radius = distance(centre, { x: target.x(), y: target.y() }) / size.height;
        onChange(withRadius(drawn, radius), 'radius');
      }}
      onDragEnd={({ target }: KonvaEventObject<DragEvent>) => {
        target.position({ x: centre.x + drawn.rule.radiusOfHeight * size.height, y: centre.y });
      }}
    />
  );
}
