/** Plays an announcement as the lane would hear it; pressed again it stops. */
import { Button } from 'antd';
import type { RuleAnnouncement } from '../../contract/rule-response.ts';
import { previewSound } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import type { SoundPlayer } from './sound-player.ts';

export function ListenButton({
  player,
  id,
  announcement,
  cameraId,
  word,
}: Readonly<{
  player: SoundPlayer;
  /** Tells this button from the others that share the player. */
  id: string;
  /** Nothing to hear yet, without it. */
  announcement: RuleAnnouncement | undefined;
  cameraId?: string | undefined;
  word?: string;
}>) {
  const { voice: words } = useTexts();
  const notifyFailure = useFailureNotice();
  const playing = player.playing === id;
  return (
    <Button
      disabled={announcement === undefined}
      className={playing ? 'listen listen-playing' : 'listen'}
      data-testid={`listen-${id}`}
      onClick={() => {
        if (announcement === undefined) return;
        player.toggle(id, () => previewSound(announcement, cameraId)).catch(notifyFailure);
      }}
    >
      {playing ? `■ ${words.stop}` : `▶ ${word ?? words.listen}`}
    </Button>
  );
}
