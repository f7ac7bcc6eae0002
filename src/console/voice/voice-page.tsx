/** The library of what the street is told: recordings on the left, templates on the right. */

import { Alert, Spin } from 'antd';
import { useVoice } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { RequestFailure } from '../shell/request-failure.tsx';
import { RecordingsPanel } from './recordings-panel.tsx';
import { useSoundPlayer } from './sound-player.ts';
import { TemplatesPanel } from './templates-panel.tsx';
import './voice.css';

export function VoicePage() {
  const texts = useTexts();
  const words = texts.voice;
  const library = useVoice();
  const player = useSoundPlayer();
  if (library.isError) return <RequestFailure error={library.error} retry={library.refetch} />;
  if (library.data === undefined) return <Spin className="voice-waiting" />;
  const { recordings, templates, speechFault } = library.data;
  return (
    <section className="voice" data-testid="voice-page">
      <header className="page-head">
        <h2>{words.title}</h2>
      </header>
      {speechFault === undefined ? null : (
        <Alert
          type="error"
          showIcon
          title={words.speechFault}
          description={reasonText(speechFault, texts)}
        />
      )}
      <div className="voice-panels">
        <RecordingsPanel recordings={recordings} player={player} />
        <TemplatesPanel templates={templates} player={player} />
      </div>
    </section>
  );
}
