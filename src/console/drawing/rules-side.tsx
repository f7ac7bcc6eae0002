/** Beside the picture: the list of rules, and the selected one's settings. */
import type { Dispatch } from 'react';
import { useTexts } from '../i18n/language.tsx';
import { colourOf } from './drawing-look.ts';
import { drawingWarnings, type Surroundings } from './drawing-warnings.ts';
import type { Drawn } from './drawn-rule.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleTrialPanel } from './rule-trial-panel.tsx';
import { type EditorAction, type RulesEditor, selectedRule } from './rules-editor.ts';
import type { RuleTrial } from './use-rule-trial.ts';

export function RulesSide({
  editor,
  dispatch,
  trial,
  surroundings,
}: Readonly<{
  editor: RulesEditor;
  dispatch: Dispatch<EditorAction>;
  trial: RuleTrial;
  surroundings: Surroundings;
}>) {
  const { rules: words } = useTexts();
  const selected = selectedRule(editor);
  return (
    <aside className="rules-side">
      {editor.rules.length === 0 ? <p className="quiet">{words.none}</p> : null}
      <ol>
        {editor.rules.map((drawn) => (
          <ListedRule
            key={drawn.rule.ruleId}
            drawn={drawn}
            selected={drawn === selected}
            dispatch={dispatch}
            surroundings={surroundings}
          />
        ))}
      </ol>
      {selected === undefined || selected.kind === 'mask' ? null : (
        <RuleTrialPanel drawn={selected} trial={trial} />
      )}
      {selected === undefined ? null : (
        <RuleForm
          key={selected.rule.ruleId}
          drawn={selected}
          onChange={(changed, mark) => dispatch({ kind: 'change', changed, mark })}
          onRemove={() => dispatch({ kind: 'remove', ruleId: selected.rule.ruleId })}
        />
      )}
    </aside>
  );
}

function ListedRule({
  drawn,
  selected,
  dispatch,
  surroundings,
}: Readonly<{
  drawn: Drawn;
  selected: boolean;
  dispatch: Dispatch<EditorAction>;
  surroundings: Surroundings;
}>) {
  const { rules: words } = useTexts();
  const kinds = {
    tripwire: words.tripwire,
    zone: words.zone,
    'watch-point': words.watchPoint,
    mask: words.mask,
  } as const;
  const warnings = drawingWarnings(drawn, surroundings);
  return (
    <li>
      <button
        type="button"
        className={selected ? 'listed-rule listed-rule-selected' : 'listed-rule'}
        style={{ borderLeftColor: colourOf[drawn.kind] }}
        data-rule-id={drawn.rule.ruleId}
        onClick={() => dispatch({ kind: 'select', ruleId: drawn.rule.ruleId })}
      >
        <strong>{drawn.rule.name ?? drawn.rule.ruleId}</strong>
        <span className="quiet">{kinds[drawn.kind]}</span>
        {warnings.map((warning) => (
          <small key={warning}>⚠ {words.warn[warning]}</small>
        ))}
      </button>
    </li>
  );
}
