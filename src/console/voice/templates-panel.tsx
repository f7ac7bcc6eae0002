/** Templates: read, listen in either language, change, delete. */
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { VoiceTemplate } from '../../contract/voice.ts';
import { removeTemplate } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { ListenButton } from './listen-button.tsx';
import type { SoundPlayer } from './sound-player.ts';
import { TemplateEditor } from './template-editor.tsx';
import { newId, useLibraryChange } from './use-library-change.ts';

export function TemplatesPanel({
  templates,
  player,
}: Readonly<{ templates: readonly VoiceTemplate[]; player: SoundPlayer }>) {
  const { voice: words } = useTexts();
  const [edited, setEdited] = useState<VoiceTemplate>();
  const done = (): void => setEdited(undefined);
  return (
    <section className="voice-panel">
      <h3>
        {words.templates}
        <b>{templates.length}</b>
      </h3>
      {edited === undefined ? (
        <div className="voice-upload">
          <Button
            type="primary"
            data-testid="new-template"
            onClick={() => setEdited({ templateId: newId('tpl'), name: '', texts: {} })}
          >
            {words.newTemplate}
          </Button>
          <small className="quiet">{words.placeholderHint}</small>
        </div>
      ) : (
        <TemplateEditor
          key={edited.templateId}
          template={edited}
          known={templates.some(({ templateId }) => templateId === edited.templateId)}
          player={player}
          done={done}
        />
      )}
      {templates.length === 0 ? <p className="quiet">{words.noTemplates}</p> : null}
      <ul className="voice-list">
        {templates.map((template) => (
          <ListedTemplate
            key={template.templateId}
            template={template}
            player={player}
            edit={() => setEdited(template)}
          />
        ))}
      </ul>
    </section>
  );
}

function ListedTemplate({
  template: { templateId, name, texts },
  player,
  edit,
}: Readonly<{ template: VoiceTemplate; player: SoundPlayer; edit: () => void }>) {
  const { voice: words } = useTexts();
  const { change } = useLibraryChange();
  return (
    <li data-testid="template">
      <span className="voice-words">
        <strong>{name}</strong>
        {(['zh-CN', 'en'] as const).map((language) =>
          texts[language] === undefined ? null : (
            <span key={language} className="voice-text">
              <ListenButton
                player={player}
                id={`${templateId}-${language}`}
                word={language === 'en' ? words.english : words.chinese}
                announcement={{ kind: 'template', templateId, language }}
              />
              {texts[language]}
            </span>
          ),
        )}
      </span>
      <Button type="text" onClick={edit}>
        {words.edit}
      </Button>
      <Popconfirm
        title={words.removeSure}
        okText={words.remove}
        cancelText={words.cancel}
        onConfirm={() => change(() => removeTemplate(templateId))}
      >
        <Button danger type="text">
          {words.remove}
        </Button>
      </Popconfirm>
    </li>
  );
}
