/** What the operator is doing on the drawing page: the rules so far, the tool in hand, the points of an unfinished shape, and undo. Pure. */
import {
  type Drawn,
  type DrawnKind,
  freeRuleId,
  leastPoints,
  mayTakePoint,
  newRule,
  type RulePoint,
} from './drawn-rule.ts';

export type Tool = 'select' | DrawnKind;

export type RulesEditor = Readonly<{
  rules: readonly Drawn[];
  /** As last read or saved: the same list means that nothing is unsaved. */
  savedRules: readonly Drawn[];
  /** The version that the next save is based on. */
  baseVersion: number;
  tool: Tool;
  selectedId?: string;
  /** Of the unfinished wire or zone. */
  pending: readonly RulePoint[];
  past: readonly (readonly Drawn[])[];
  /** What the newest step changed: a drag or a typed word is one step, however many changes it makes. */
  stepMark?: string;
}>;

export type EditorAction =
  | Readonly<{ kind: 'take-tool'; tool: Tool }>
  | Readonly<{ kind: 'select'; ruleId?: string }>
  | Readonly<{ kind: 'add-point'; point: RulePoint }>
  | Readonly<{ kind: 'finish' }>
  | Readonly<{ kind: 'cancel' }>
  | Readonly<{ kind: 'add-watch-point'; centre: RulePoint; radiusOfHeight: number }>
  | Readonly<{ kind: 'change'; changed: Drawn; mark: string }>
  | Readonly<{ kind: 'remove'; ruleId: string }>
  | Readonly<{ kind: 'undo' }>
  | Readonly<{ kind: 'discard' }>
  | Readonly<{ kind: 'loaded'; rules: readonly Drawn[]; version: number }>
  | Readonly<{ kind: 'saved'; rules: readonly Drawn[]; version: number }>;

const mostSteps = 100;

export function startEditor(rules: readonly Drawn[], baseVersion: number): RulesEditor {
  return { rules, savedRules: rules, baseVersion, tool: 'select', pending: [], past: [] };
}

export const hasUnsaved = (editor: RulesEditor): boolean => editor.rules !== editor.savedRules;

export const selectedRule = (editor: RulesEditor): Drawn | undefined =>
  editor.rules.find((one) => one.rule.ruleId === editor.selectedId);

export function rulesEditor(editor: RulesEditor, action: EditorAction): RulesEditor {
  switch (action.kind) {
    case 'take-tool':
      return { ...editor, tool: action.tool, pending: [] };
    case 'select':
      return selected(editor, action.ruleId);
    case 'add-point':
      return editor.tool !== 'select' && mayTakePoint(editor.tool, editor.pending.length)
        ? { ...editor, pending: [...editor.pending, action.point] }
        : editor;
    case 'finish':
      return finished(editor);
    case 'cancel':
      return cancelled(editor);
    case 'add-watch-point':
      return added(editor, 'watch-point', [action.centre], action.radiusOfHeight);
    case 'change':
      return changed(editor, action.changed, action.mark);
    case 'remove':
      return selected(
        step(
          editor,
          editor.rules.filter((one) => one.rule.ruleId !== action.ruleId),
        ),
        undefined,
      );
    case 'undo':
      return undone(editor);
    case 'discard':
      return selected(step(editor, editor.savedRules), undefined);
    case 'loaded':
      return startEditor(action.rules, action.version);
    case 'saved':
      return { ...editor, savedRules: action.rules, baseVersion: action.version };
    default:
      return action satisfies never;
  }
}

function selected(editor: RulesEditor, ruleId: string | undefined): RulesEditor {
  const { selectedId: _, ...rest } = editor;
  return { ...rest, ...(ruleId === undefined ? {} : { selectedId: ruleId }) };
}

/** Makes a change that can be undone. */
function step(editor: RulesEditor, rules: readonly Drawn[], mark?: string): RulesEditor {
  const { stepMark, ...rest } = editor;
  const goesOn = mark !== undefined && mark === stepMark;
  return {
    ...rest,
    rules,
    past: goesOn ? editor.past : [...editor.past, editor.rules].slice(-mostSteps),
    ...(mark === undefined ? {} : { stepMark: mark }),
  };
}

function added(
  editor: RulesEditor,
  kind: DrawnKind,
  points: readonly RulePoint[],
  radiusOfHeight?: number,
): RulesEditor {
  const ruleId = freeRuleId(kind, editor.rules);
  const stepped = step(editor, [...editor.rules, newRule(kind, ruleId, points, radiusOfHeight)]);
  return { ...selected(stepped, ruleId), tool: 'select', pending: [] };
}

/** How many points the shape that was begun needs before it can be finished; 0 when none was. */
export function pointsMissing({ tool, pending }: RulesEditor): number {
  if (tool === 'select' || pending.length === 0) return 0;
  return Math.max(0, leastPoints[tool] - pending.length);
}

function finished(editor: RulesEditor): RulesEditor {
  if (editor.tool === 'select' || editor.pending.length === 0 || pointsMissing(editor) > 0)
    return editor;
  return added(editor, editor.tool, editor.pending);
}

/** First drops the unfinished shape, then the tool, then the selection. */
function cancelled(editor: RulesEditor): RulesEditor {
  if (editor.pending.length > 0) return { ...editor, pending: [] };
  if (editor.tool !== 'select') return { ...editor, tool: 'select' };
  return selected(editor, undefined);
}

function changed(editor: RulesEditor, to: Drawn, mark: string): RulesEditor {
  const { ruleId } = to.rule;
  return step(
    editor,
    editor.rules.map((one) => (one.rule.ruleId === ruleId ? to : one)),
    `${ruleId} ${mark}`,
  );
}

function undone(editor: RulesEditor): RulesEditor {
  if (editor.pending.length > 0) return { ...editor, pending: editor.pending.slice(0, -1) };
  const rules = editor.past.at(-1);
  if (rules === undefined) return editor;
  const { stepMark: _, ...rest } = editor;
  return { ...rest, rules, past: editor.past.slice(0, -1) };
}
