/** A file is chosen, heard and named before it goes into the library. */
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { saveRecording } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import type { SoundPlayer } from './sound-player.ts';
import { newId, useLibraryChange } from './use-library-change.ts';

export function RecordingUpload({ player }: Readonly<{ player: SoundPlayer }>) {
  const { voice: words } = useTexts();
  const chooser = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const choose = (chosen: File | undefined): void => {
    setFile(chosen);
    // The same file can be chosen again.
    if (chooser.current !== null) chooser.current.value = '';
  };
  return (
    <div className="voice-upload">
      <input
        ref={chooser}
        type="file"
        accept=".wav,.mp3,audio/wav,audio/mpeg"
        data-testid="recording-file"
        onChange={({ target }) => choose(target.files?.[0])}
      />
      {file === undefined ? (
        <>
          <Button type="primary" onClick={() => chooser.current?.click()}>
            {words.upload}
          </Button>
          <small className="quiet">{words.uploadHint}</small>
        </>
      ) : (
        <ChosenFile key={file.name} file={file} player={player} done={() => setFile(undefined)} />
      )}
    </div>
  );
}

function ChosenFile({
  file,
  player,
  done,
}: Readonly<{ file: File; player: SoundPlayer; done: () => void }>) {
  const { voice: words } = useTexts();
  const notifyFailure = useFailureNotice();
  const { busy, change } = useLibraryChange();
  const [title, setTitle] = useState(file.name.replace(/\.[^.]*$/, ''));
  const playing = player.playing === 'chosen-file';
  return (
    <>
      <Button
        className={playing ? 'listen listen-playing' : 'listen'}
        onClick={() => {
          player.toggle('chosen-file', async () => file).catch(notifyFailure);
        }}
      >
        {playing ? `■ ${words.stop}` : `▶ ${words.listenFirst}`}
      </Button>
      <Input
        value={title}
        maxLength={60}
        aria-label={words.recordingTitle}
        placeholder={words.recordingTitlePlaceholder}
        data-testid="recording-title"
        onChange={({ target }) => setTitle(target.value)}
      />
      <Button
        type="primary"
        loading={busy}
        disabled={title.trim() === ''}
        data-testid="keep-recording"
        onClick={() => change(() => saveRecording(newId('rec'), title.trim(), typed(file)), done)}
      >
        {words.keep}
      </Button>
      <Button type="text" onClick={done}>
        {words.cancel}
      </Button>
    </>
  );
}

/** Browsers disagree on how the types are called; the collector looks into the file anyway. */
function typed(file: File): Blob {
  return new Blob([file], {
    type: file.name.toLowerCase().endsWith('.mp3') ? 'audio/mpeg' : 'audio/wav',
  });
}
