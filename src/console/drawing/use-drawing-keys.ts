/** The keyboard of the drawing page: Enter ends a shape, Escape cancels, Delete removes, Ctrl+Z undoes, Ctrl+S saves. */
import { type Dispatch, useEffect, useRef } from 'react';
import { isTyping } from '../popup/use-popup-keys.ts';
import type { EditorAction } from './rules-editor.ts';

export function useDrawingKeys(
  dispatch: Dispatch<EditorAction>,
  selectedId: string | undefined,
  save: () => void,
): void {
  const latest = useRef({ selectedId, save });
  latest.current = { selectedId, save };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === 's') {
        event.preventDefault();
        latest.current.save();
        return;
      }
      if (isTyping()) return;
      const action = actionOf(key, event.ctrlKey || event.metaKey, latest.current.selectedId);
      if (action === undefined) return;
      event.preventDefault();
      dispatch(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [dispatch]);
}

function actionOf(
  key: string,
  control: boolean,
  selectedId: string | undefined,
): EditorAction | undefined {
  if (control) return key === 'z' ? { kind: 'undo' } : undefined;
  switch (key) {
    case 'enter':
      return { kind: 'finish' };
    case 'escape':
      return { kind: 'cancel' };
    case 'delete':
    case 'backspace':
      return selectedId === undefined ? undefined : { kind: 'remove', ruleId: selectedId };
    default:
      return undefined;
  }
}
