/** Recordings: listen, upload, delete. */
import { Button, Popconfirm } from 'antd';
import type { RecordingView } from '../../contract/voice.ts';
import { removeRecording } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { dateText } from '../i18n/time-text.ts';
import { ListenButton } from './listen-button.tsx';
import { RecordingUpload } from './recording-upload.tsx';
import type { SoundPlayer } from './sound-player.ts';
import { useLibraryChange } from './use-library-change.ts';

export function RecordingsPanel({
  recordings,
  player,
}: Readonly<{ recordings: readonly RecordingView[]; player: SoundPlayer }>) {
  const { voice: words } = useTexts();
  const { change } = useLibraryChange();
  return (
    <section className="voice-panel">
      <h3>
        {words.recordings}
        <b>{recordings.length}</b>
      </h3>
      <RecordingUpload player={player} />
      {recordings.length === 0 ? <p className="quiet">{words.noRecordings}</p> : null}
      <ul className="voice-list">
        {recordings.map(({ name, title, seconds, savedAtMs, savedBy }) => (
          <li key={name} data-testid="recording">
            <ListenButton player={player} id={name} announcement={{ kind: 'recording', name }} />
            <span className="voice-words">
              <strong>{title}</strong>
              <small className="quiet">
                {[words.seconds(seconds), savedBy, dateText(savedAtMs)].filter(Boolean).join(' · ')}
              </small>
            </span>
            <Popconfirm
              title={words.removeSure}
              okText={words.remove}
              cancelText={words.cancel}
              onConfirm={() => change(() => removeRecording(name))}
            >
              <Button danger type="text">
                {words.remove}
              </Button>
            </Popconfirm>
          </li>
        ))}
      </ul>
    </section>
  );
}
