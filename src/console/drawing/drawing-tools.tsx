/** The tools of the drawing page, what the tool in hand does, and how tall a person is in this picture. */
import { Button, Slider } from 'antd';
import type { Dispatch } from 'react';
import { useTexts } from '../i18n/language.tsx';
import { type EditorAction, pointsMissing, type RulesEditor, type Tool } from './rules-editor.ts';

const tools: readonly Tool[] = ['select', 'tripwire', 'zone', 'watch-point', 'mask'];

export function DrawingTools({
  editor,
  dispatch,
  personHeight,
  setPersonHeight,
}: Readonly<{
  editor: RulesEditor;
  dispatch: Dispatch<EditorAction>;
  personHeight: number;
  setPersonHeight: (height: number) => void;
}>) {
  const { rules } = useTexts();
  const more = pointsMissing(editor);
  const names: Readonly<Record<Tool, string>> = {
    select: rules.select,
    tripwire: rules.drawTripwire,
    zone: rules.drawZone,
    'watch-point': rules.drawWatchPoint,
    mask: rules.drawMask,
  };
  return (
    <div className="drawing-tools">
      {tools.map((tool) => (
        <Button
          key={tool}
          type={tool === editor.tool ? 'primary' : 'default'}
          onClick={() => dispatch({ kind: 'take-tool', tool })}
          data-testid={`tool-${tool}`}
        >
          {names[tool]}
        </Button>
      ))}
      <Button
        disabled={editor.past.length === 0 && editor.pending.length === 0}
        onClick={() => dispatch({ kind: 'undo' })}
      >
        {rules.undo}
      </Button>
      <span className="drawing-hint" data-testid="drawing-hint">
        {more > 0 ? <strong>{rules.morePoints(more)} </strong> : null}
        {rules.hint[editor.tool]}
      </span>
      <div className="person-height" title={rules.personHeightHint}>
        {rules.personHeight}
        <Slider
          min={3}
          max={80}
          value={Math.round(personHeight * 100)}
          onChange={(percent) => setPersonHeight(percent / 100)}
          tooltip={{ formatter: (percent) => rules.ofPicture(percent ?? 0) }}
        />
        <b>{Math.round(personHeight * 100)}%</b>
      </div>
    </div>
  );
}
