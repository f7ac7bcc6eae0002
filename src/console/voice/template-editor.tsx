/** Writing a template in one language or in both, and hearing it before it is saved. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { placeholders, type SpokenLanguage, type VoiceTemplate } from '../../contract/voice.ts';
import { useCameras } from '../api/queries.ts';
import { saveTemplate } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { ListenButton } from './listen-button.tsx';
import type { SoundPlayer } from './sound-player.ts';
import { useLibraryChange } from './use-library-change.ts';

type Written = Readonly<Record<SpokenLanguage, string>>;

export function TemplateEditor({
  template,
  known,
  player,
  done,
}: Readonly<{ template: VoiceTemplate; known: boolean; player: SoundPlayer; done: () => void }>) {
  const { voice: words } = useTexts();
  const { busy, change } = useLibraryChange();
  const [name, setName] = useState(template.name);
  const [cameraId, setCameraId] = useState<string>();
  const [written, setWritten] = useState<Written>({
    'zh-CN': template.texts['zh-CN'] ?? '',
    en: template.texts.en ?? '',
  });
  const texts = Object.fromEntries(
    Object.entries(written).filter(([, text]) => text.trim() !== ''),
  ) as VoiceTemplate['texts'];
  const { templateId } = template;
  return (
    <div className="template-editor" data-testid="template-editor">
      <h4>{known ? words.editTemplate : words.newTemplate}</h4>
      <Input
        value={name}
        maxLength={60}
        aria-label={words.templateName}
        placeholder={words.templateNamePlaceholder}
        data-testid="template-name"
        onChange={({ target }) => setName(target.value)}
      />
      {(['zh-CN', 'en'] as const).map((language) => (
        <TextInOneLanguage
          key={language}
          language={language}
          text={written[language]}
          cameraId={cameraId}
          player={player}
          change={(text) => setWritten({ ...written, [language]: text })}
        />
      ))}
      <PreviewPlace cameraId={cameraId} choose={setCameraId} />
      <div className="template-buttons">
        <Button
          type="primary"
          loading={busy}
          disabled={name.trim() === '' || Object.keys(texts).length === 0}
          data-testid="save-template"
          onClick={() => change(() => saveTemplate({ templateId, name: name.trim(), texts }), done)}
        >
          {words.save}
        </Button>
        <Button type="text" onClick={done}>
          {words.cancel}
        </Button>
      </div>
    </div>
  );
}

function TextInOneLanguage({
  language,
  text,
  cameraId,
  player,
  change,
}: Readonly<{
  language: SpokenLanguage;
  text: string;
  cameraId: string | undefined;
  player: SoundPlayer;
  change: (text: string) => void;
}>) {
  const { voice: words } = useTexts();
  const spoken = text.trim() === '' ? undefined : ({ kind: 'speech', text, language } as const);
  return (
    <div className="template-text">
      <span className="template-language">
        {language === 'en' ? words.english : words.chinese}
        <ListenButton
          player={player}
          id={`editor-${language}`}
          announcement={spoken}
          cameraId={cameraId}
        />
      </span>
      <Input.TextArea
        value={text}
        maxLength={300}
        autoSize={{ minRows: 2, maxRows: 5 }}
        data-testid={`template-text-${language}`}
        onChange={({ target }) => change(target.value)}
      />
      <span className="template-insert">
        {words.insert}
        {placeholders.map((one) => (
          <Button key={one} size="small" onClick={() => change(`${text}{${one}}`.slice(0, 300))}>
            {words.placeholders[one]}
          </Button>
        ))}
      </span>
    </div>
  );
}

function PreviewPlace({
  cameraId,
  choose,
}: Readonly<{ cameraId: string | undefined; choose: (cameraId: string | undefined) => void }>) {
  const { voice: words } = useTexts();
  const cameras = useCameras().data ?? [];
  return (
    <div className="template-place">
      {words.place}
      <Select
        allowClear
        value={cameraId ?? null}
        placeholder={words.anyPlace}
        onChange={(chosen: string | null | undefined) => choose(chosen ?? undefined)}
        options={cameras.map((one) => ({ value: one.cameraId, label: one.name }))}
      />
    </div>
  );
}
