/** The drawing page's head: which camera, where its rules stand, saving, and what to do about a conflict. */
import { Alert, Button, Space } from 'antd';
import type { Dispatch } from 'react';
import type { CameraView } from '../../contract/console-api.ts';
import { errorText } from '../api/error-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { addressOf } from '../shell/route.ts';
import { TalkButton } from '../talk/talk-button.tsx';
import { type EditorAction, hasUnsaved, type RulesEditor } from './rules-editor.ts';
import { RulesStatus } from './rules-status.tsx';
import type { Saving } from './use-saving.ts';

export function RulesHead({
  camera,
  editor,
  dispatch,
  saving,
}: Readonly<{
  camera: CameraView | undefined;
  editor: RulesEditor;
  dispatch: Dispatch<EditorAction>;
  saving: Saving;
}>) {
  const texts = useTexts();
  const words = texts.rules;
  const unsaved = hasUnsaved(editor);
  const nameOf = (ruleId: string): string =>
    editor.rules.find(({ rule }) => rule.ruleId === ruleId)?.rule.name ?? ruleId;
  return (
    <header className="rules-head">
      <div className="rules-head-line">
        <a href={addressOf({ page: 'wall' })}>← {words.back}</a>
        <h2>{camera?.name}</h2>
        <span className="quiet">{words.title}</span>
        {camera === undefined ? null : <TalkButton cameraId={camera.cameraId} />}
        <span className="rules-head-status">
          {unsaved ? <span className="rules-applying">● {words.unsaved}</span> : null}
          {camera === undefined ? null : <RulesStatus camera={camera} nameOf={nameOf} />}
        </span>
        <Button
          disabled={!unsaved || saving.busy}
          onClick={() => dispatch({ kind: 'discard' })}
          data-testid="discard-rules"
        >
          {words.discard}
        </Button>
        <Button
          type="primary"
          size="large"
          disabled={!unsaved}
          loading={saving.busy}
          onClick={saving.save}
          data-testid="save-rules"
        >
          {words.save}
        </Button>
      </div>
      <Conflict saving={saving} />
      {saving.failure ? (
        <Alert type="error" showIcon title={errorText(saving.failure, texts)} />
      ) : null}
    </header>
  );
}

function Conflict({ saving }: Readonly<{ saving: Saving }>) {
  const { rules } = useTexts();
  if (saving.conflictVersion === undefined) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={rules.conflict(saving.conflictVersion)}
      description={rules.conflictHint}
      action={
        <Space>
          <Button onClick={saving.takeTheirs}>{rules.takeTheirs}</Button>
          <Button danger onClick={saving.keepMine}>
            {rules.keepMine}
          </Button>
        </Space>
      }
    />
  );
}
