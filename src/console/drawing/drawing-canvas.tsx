/** The drawing layer over the live picture: takes the pointer, shows the rules. */
import type Konva from 'konva';
import type { KonvaEventObject } from 'konva/lib/Node';
import { type Dispatch, type ReactNode, type RefObject, useRef, useState } from 'react';
import { Layer, Stage } from 'react-konva';
import { distance, type Size, type Spot, toPoint, toSpot } from '../picture/picture-geometry.ts';
import { AreaShape } from './area-shape.tsx';
import { sameSpotPixels } from './drawing-look.ts';
import { type Drawn, defaultRadiusOfHeight, leastPoints } from './drawn-rule.ts';
import { PendingShape } from './pending-shape.tsx';
import type { EditorAction, RulesEditor } from './rules-editor.ts';
import type { ShapeSettings } from './shape-settings.ts';
import { TripwireShape } from './tripwire-shape.tsx';
import { WatchPointShape } from './watch-point-shape.tsx';

export function DrawingCanvas({
  editor,
  dispatch,
  size,
  personHeight,
  children,
}: Readonly<{
  editor: RulesEditor;
  dispatch: Dispatch<EditorAction>;
  size: Size;
  personHeight: number;
  /** Shown between the rules and what is being drawn. */
  children?: ReactNode;
}>) {
  const stage = useRef<Konva.Stage>(null);
  const [pointer, setPointer] = useState<Spot>();
  const { tool } = editor;
  const drawing = usePointerDrawing(editor, dispatch, size, stage);
  return (
    <div
      className={`drawing-canvas drawing-canvas-${tool}`}
      data-testid="drawing-canvas"
      data-pending={editor.pending.length}
    >
      <Stage
        ref={stage}
        width={size.width}
        height={size.height}
        onPointerMove={() => setPointer(stage.current?.getPointerPosition() ?? undefined)}
        {...drawing}
      >
        <Layer listening={tool === 'select'}>
          {editor.rules.map((drawn) => (
            <Shape
              key={drawn.rule.ruleId}
              drawn={drawn}
              size={size}
              selected={drawn.rule.ruleId === editor.selectedId}
              personHeight={personHeight}
              onSelect={() => dispatch({ kind: 'select', ruleId: drawn.rule.ruleId })}
              onChange={(changed, mark) => dispatch({ kind: 'change', changed, mark })}
            />
          ))}
        </Layer>
        <Layer listening={false}>
          {children}
          <PendingShape tool={tool} points={editor.pending} pointer={pointer} size={size} />
        </Layer>
      </Stage>
    </div>
  );
}

function Shape({
  drawn,
  ...rest
}: Readonly<{ drawn: Drawn }> & Omit<ShapeSettings<Drawn['kind']>, 'drawn'>) {
  switch (drawn.kind) {
    case 'tripwire':
      return <TripwireShape drawn={drawn} {...rest} />;
    case 'zone':
    case 'mask':
      return <AreaShape drawn={drawn} {...rest} />;
    case 'watch-point':
      return <WatchPointShape drawn={drawn} {...rest} />;
    default:
      return drawn satisfies never;
  }
}

/** Wires and zones grow click by click and end with a click on a point they have; a watch point is one drag. */
function usePointerDrawing(
  editor: RulesEditor,
  dispatch: Dispatch<EditorAction>,
  size: Size,
  stage: RefObject<Konva.Stage | null>,
) {
  const { tool, pending } = editor;
  const spots = pending.map((point) => toSpot(point, size));

  function click(event: KonvaEventObject<PointerEvent>): void {
    const at = stage.current?.getPointerPosition();
    if (!at || event.evt.button !== 0 || tool === 'watch-point') return;
    if (tool === 'select') {
      if (event.target === stage.current) dispatch({ kind: 'select' });
      return;
    }
    const known = spots.some((spot) => distance(spot, at) < sameSpotPixels);
    if (!known) dispatch({ kind: 'add-point', point: toPoint(at, size) });
    else if (pending.length >= leastPoints[tool]) dispatch({ kind: 'finish' });
  }

  function press(): void {
    const at = stage.current?.getPointerPosition();
    if (at && tool === 'watch-point') dispatch({ kind: 'add-point', point: toPoint(at, size) });
  }

  function release(): void {
    const at = stage.current?.getPointerPosition();
    const [centre] = pending;
    const [spot] = spots;
    if (!at || tool !== 'watch-point' || centre === undefined || spot === undefined) return;
    const radius = distance(spot, at);
    const radiusOfHeight =
      radius < sameSpotPixels
        ? defaultRadiusOfHeight
        : Math.min(1, Math.round((radius / size.height) * 1000) / 1000);
    dispatch({ kind: 'add-watch-point', centre, radiusOfHeight });
  }

  return { onPointerClick: click, onPointerDown: press, onPointerUp: release };
}
