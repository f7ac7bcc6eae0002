/** A rule's name beside its shape, moved so far that all of it lies within the picture. */
import type Konva from 'konva';
import { useLayoutEffect, useRef } from 'react';
import { Label, Tag, Text } from 'react-konva';
import type { Size, Spot } from '../picture/picture-geometry.ts';

const margin = 4;

export function ShapeName({
  at,
  name,
  colour,
  size,
}: Readonly<{ at: Spot; name: string; colour: string; size: Size }>) {
  const label = useRef<Konva.Label>(null);
  useLayoutEffect(() => {
    const { current } = label;
    if (current === null) return;
    const { width, height } = current.getSize();
    current.position({
      x: Math.max(margin, Math.min(at.x, size.width - width - margin)),
      y: Math.max(margin, Math.min(at.y, size.height - height - margin)),
    });
  });
  return (
    <Label ref={label} x={at.x} y={at.y} listening={false}>
      <Tag fill="#0c1117" opacity={0.72} cornerRadius={3} />
      <Text
        text={name}
        fill={colour}
        fontSize={15}
        padding={4}
        fontFamily="Noto Sans CJK SC, sans-serif"
      />
    </Label>
  );
}
