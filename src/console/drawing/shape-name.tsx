/** A rule's name beside its shape. */
import { Label, Tag, Text } from 'react-konva';
import type { Spot } from '../picture/picture-geometry.ts';

export function ShapeName({
  at,
  name,
  colour,
}: Readonly<{ at: Spot; name: string; colour: string }>) {
  return (
    <Label x={at.x} y={at.y} listening={false}>
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
