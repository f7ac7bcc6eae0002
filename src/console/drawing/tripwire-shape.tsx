/** A tripwire on the canvas: its dead band, the wire, the letters of its sides and an arrow for each way that alarms. */
import type { KonvaEventObject } from 'konva/lib/Node';
import { Arrow, Group, Line, Text } from 'react-konva';
import { moved, opposite, type Spot, toSpot, wireMiddle } from '../picture/picture-geometry.ts';
import { colourOf, lineWidth, shadow } from './drawing-look.ts';
import { defaultDeadBandHeights, withInsertedPoint, withMovedShape } from './drawn-rule.ts';
import { SecondWireShape } from './second-wire-shape.tsx';
import { ShapeHandles } from './shape-handles.tsx';
import { ShapeName } from './shape-name.tsx';
import type { ShapeSettings } from './shape-settings.ts';

const colour = colourOf.tripwire;
const arrowPixels = 38;

export function TripwireShape(settings: ShapeSettings<'tripwire'>) {
  const { drawn, size, selected, personHeight, onSelect, onChange } = settings;
  const { rule } = drawn;
  const spots = rule.points.map((point) => toSpot(point, size));
  const flat = spots.flatMap(({ x, y }) => [x, y]);
  const halfBand = (rule.deadBandHeights ?? defaultDeadBandHeights) * personHeight * size.height;
  const first = spots[0] ?? { x: 0, y: 0 };
  return (
    <Group>
      <Line
        points={flat}
        stroke={colour}
        strokeWidth={2 * halfBand}
        opacity={0.36}
        lineJoin="round"
        listening={false}
      />
      <Line
        points={flat}
        stroke={colour}
        strokeWidth={selected ? lineWidth + 1 : lineWidth}
        lineJoin="round"
        hitStrokeWidth={18}
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
        {...shadow}
      />
      <Sides spots={spots} halfBand={halfBand} direction={rule.direction ?? 'both'} />
      <ShapeName
        at={{ x: first.x + 10, y: first.y + 10 }}
        name={rule.name ?? rule.ruleId}
        colour={colour}
        size={size}
      />
      {selected ? <ShapeHandles drawn={drawn} size={size} onChange={onChange} /> : null}
      <SecondWireShape {...settings} />
    </Group>
  );
}

function Sides({
  spots,
  halfBand,
  direction,
}: Readonly<{
  spots: readonly Spot[];
  halfBand: number;
  direction: 'a-to-b' | 'b-to-a' | 'both';
}>) {
  const middle = wireMiddle(spots);
  if (middle === undefined) return null;
  const { at, towardsA } = middle;
  const letterAt = Math.max(halfBand, arrowPixels) + 18;
  return (
    <>
      {direction === 'b-to-a' ? null : <DirectionArrow from={at} towards={opposite(towardsA)} />}
      {direction === 'a-to-b' ? null : <DirectionArrow from={at} towards={towardsA} />}
      <SideLetter letter="A" at={moved(at, towardsA, letterAt)} />
      <SideLetter letter="B" at={moved(at, towardsA, -letterAt)} />
    </>
  );
}

function DirectionArrow({ from, towards }: Readonly<{ from: Spot; towards: Spot }>) {
  const to = moved(from, towards, arrowPixels);
  return (
    <Arrow
      points={[from.x, from.y, to.x, to.y]}
      stroke={colour}
      fill={colour}
      strokeWidth={4}
      pointerLength={13}
      pointerWidth={16}
      listening={false}
      {...shadow}
    />
  );
}

function SideLetter({ letter, at }: Readonly<{ letter: string; at: Spot }>) {
  return (
    <Text
      text={letter}
      x={at.x - 12}
      y={at.y - 12}
      width={24}
      height={24}
      align="center"
      verticalAlign="middle"
      fontSize={22}
      fontStyle="bold"
      fill="#ffd894"
      listening={false}
      {...shadow}
    />
  );
}
