/** Drawing, changing, undoing and saving on the drawing page. */
import { describe, expect, it } from 'vitest';
import { createCheck } from '../../contract/check.ts';
import { CameraRules } from '../../contract/rule.ts';
import { type Drawn, pointsOf, toCameraRules, withMovedPoint } from './drawn-rule.ts';
import {
  type EditorAction,
  hasUnsaved,
  pointsMissing,
  type RulesEditor,
  rulesEditor,
  selectedRule,
  startEditor,
} from './rules-editor.ts';

const check = createCheck(CameraRules);
const editorAfter = (start: RulesEditor, ...actions: readonly EditorAction[]): RulesEditor =>
  actions.reduce(rulesEditor, start);
const empty = startEditor([], 0);
const drawWire: readonly EditorAction[] = [
  { kind: 'take-tool', tool: 'tripwire' },
  { kind: 'add-point', point: [0.1, 0.2] },
  { kind: 'add-point', point: [0.8, 0.9] },
  { kind: 'finish' },
];
const drawZone: readonly EditorAction[] = [
  { kind: 'take-tool', tool: 'zone' },
  { kind: 'add-point', point: [0.1, 0.1] },
  { kind: 'add-point', point: [0.5, 0.1] },
  { kind: 'add-point', point: [0.5, 0.5] },
  { kind: 'finish' },
];
const drawWatchPoint: readonly EditorAction[] = [
  { kind: 'take-tool', tool: 'watch-point' },
  { kind: 'add-watch-point', centre: [0.5, 0.5], radiusOfHeight: 0.1 },
];

function only(editor: RulesEditor): Drawn {
  const [rule] = editor.rules;
  if (rule === undefined) throw new Error('one rule has been drawn');
  return rule;
}

describe('rules editor', () => {
  it('draws a wire of two points, selects it and puts the tool away', () => {
    const editor = editorAfter(empty, ...drawWire);
    expect(selectedRule(editor)).toMatchObject({
      kind: 'tripwire',
      rule: { ruleId: 'tripwire-1', direction: 'both' },
    });
    expect(editor.tool).toBe('select');
    expect(hasUnsaved(editor)).toBe(true);
  });

  it('makes rules that the contract accepts, each with an id of its own', () => {
    const editor = editorAfter(empty, ...drawWire, ...drawZone, ...drawWatchPoint, ...drawWire);
    expect(check(toCameraRules(editor.rules))).toMatchObject({ ok: true });
    expect(editor.rules.map((one) => one.rule.ruleId)).toEqual([
      'tripwire-1',
      'zone-1',
      'watch-point-1',
      'tripwire-2',
    ]);
  });

  it('does not finish a wire of one point or a zone of two', () => {
    expect(editorAfter(empty, ...drawWire.toSpliced(2, 1)).rules).toEqual([]);
    expect(editorAfter(empty, ...drawZone.toSpliced(3, 1)).rules).toEqual([]);
  });

  it('cancels step by step: the shape, then the tool, then the selection', () => {
    const drawing = editorAfter(empty, ...drawWire, ...drawWire.slice(0, 2), {
      kind: 'select',
      ruleId: 'tripwire-1',
    });
    const first = editorAfter(drawing, { kind: 'cancel' });
    expect([first.pending.length, first.tool]).toEqual([0, 'tripwire']);
    const second = editorAfter(first, { kind: 'cancel' });
    expect([second.tool, second.selectedId]).toEqual(['select', 'tripwire-1']);
    expect(editorAfter(second, { kind: 'cancel' }).selectedId).toBeUndefined();
  });

  it('undoes a whole drag as one step, and the drawing after it', () => {
    const drawn = editorAfter(empty, ...drawWire);
    const dragged = [0.2, 0.3, 0.4].reduce(
      (editor, x) =>
        rulesEditor(editor, {
          kind: 'change',
          changed: withMovedPoint(only(editor), 0, [x, 0.2]),
          mark: 'point 0',
        }),
      drawn,
    );
    expect(pointsOf(only(dragged))[0]).toEqual([0.4, 0.2]);
    const undone = editorAfter(dragged, { kind: 'undo' });
    expect(undone.rules).toBe(drawn.rules);
    expect(editorAfter(undone, { kind: 'undo' }).rules).toEqual([]);
  });

  it('takes back single points of a shape that is being drawn', () => {
    const editor = editorAfter(empty, ...drawWire.slice(0, 3), { kind: 'undo' });
    expect(editor.pending).toEqual([[0.1, 0.2]]);
  });

  it('has nothing unsaved after saving, and again after undoing what came later', () => {
    const drawn = editorAfter(empty, ...drawWire);
    const saved = editorAfter(drawn, { kind: 'saved', rules: drawn.rules, version: 1 });
    expect([hasUnsaved(saved), saved.baseVersion]).toEqual([false, 1]);
    const removed = editorAfter(saved, { kind: 'remove', ruleId: 'tripwire-1' });
    expect(hasUnsaved(removed)).toBe(true);
    expect(hasUnsaved(editorAfter(removed, { kind: 'undo' }))).toBe(false);
  });

  it('keeps what was drawn while the save was on its way as unsaved', () => {
    const drawn = editorAfter(empty, ...drawWire);
    const more = editorAfter(drawn, ...drawZone);
    const saved = editorAfter(more, { kind: 'saved', rules: drawn.rules, version: 1 });
    expect(hasUnsaved(saved)).toBe(true);
    expect(saved.rules).toHaveLength(2);
  });

  it('takes no more points than the contract allows', () => {
    const points = Array.from(
      { length: 30 },
      (_, index): EditorAction => ({ kind: 'add-point', point: [index / 30, 0.5] }),
    );
    const editor = editorAfter(empty, { kind: 'take-tool', tool: 'tripwire' }, ...points, {
      kind: 'finish',
    });
    expect(check(toCameraRules(editor.rules))).toMatchObject({ ok: true });
  });
});

describe('a shape that was begun', () => {
  it('says how many points it still needs, and cannot be finished before', () => {
    const begun = (...actions: readonly EditorAction[]) =>
      editorAfter(empty, { kind: 'take-tool', tool: 'zone' }, ...actions);
    const point: EditorAction = { kind: 'add-point', point: [0.2, 0.2] };
    const needed = [[], [point], [point, point], [point, point, point]].map((actions) =>
      pointsMissing(begun(...actions)),
    );
    expect(needed).toEqual([0, 2, 1, 0]);
    expect(pointsMissing(begun(point, point, { kind: 'finish' }))).toBe(1);
    expect(begun({ kind: 'finish' }).rules).toEqual([]);
  });
});

describe('a privacy mask', () => {
  it('is drawn like a zone, kept among the rules that are saved, and is no rule', () => {
    const editor = editorAfter(
      empty,
      { kind: 'take-tool', tool: 'mask' },
      { kind: 'add-point', point: [0, 0] },
      { kind: 'add-point', point: [0.3, 0] },
      { kind: 'finish' },
      { kind: 'add-point', point: [0.3, 0.3] },
      { kind: 'finish' },
    );
    const saved = toCameraRules(editor.rules);
    expect(check(saved).ok).toBe(true);
    expect(saved.zones).toEqual([]);
    const points = [
      [0, 0],
      [0.3, 0],
      [0.3, 0.3],
    ];
    expect(saved.privacyMasks).toEqual([{ ruleId: 'mask-1', points }]);
  });
});
