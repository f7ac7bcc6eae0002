/** The button that is held to speak to the lane, beside its picture; T does the same while nobody is typing. */

import { useEffect } from 'react';
import type { SpeakerView } from '../../contract/console-api.ts';
import { useCameras, useTalks } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { isTyping } from '../popup/use-popup-keys.ts';
import type { TalkState } from './talk-link.ts';
import { type HeldTalk, useTalk } from './use-talk.ts';
import './talk.css';

/** `byKey` for one button on the screen at most. */
export function TalkButton({
  cameraId,
  byKey = false,
}: Readonly<{ cameraId: string; byKey?: boolean }>) {
  const camera = useCameras().data?.find((one) => one.cameraId === cameraId);
  return camera?.speakerId === undefined ? null : (
    <HeldButton
      key={cameraId}
      path={`/api/cameras/${cameraId}/talk`}
      speakerId={camera.speakerId}
      byKey={byKey}
    />
  );
}

/** For one speaker, or a zone: then all of its speakers say it. */
export function SpeakerTalkButton({ speaker }: Readonly<{ speaker: SpeakerView }>) {
  const { speakerId, takesLive } = speaker;
  return takesLive ? (
    <HeldButton
      key={speakerId}
      path={`/api/speakers/${speakerId}/talk`}
      speakerId={speakerId}
      byKey={false}
    />
  ) : null;
}

function HeldButton({
  path,
  speakerId,
  byKey,
}: Readonly<{ path: string; speakerId: string; byKey: boolean }>) {
  const texts = useTexts();
  const talk = useTalk(path);
  useTalkKey(talk, byKey);
  const { state, press, letGo } = talk;
  const holder = useTalks().data?.find((one) => one.speakerId === speakerId);
  const isMine = state.kind === 'talking' || state.kind === 'opening';
  return (
    <div className={`talk talk-${state.kind}`} data-testid="talk" data-state={state.kind}>
      <button
        type="button"
        tabIndex={-1}
        data-testid="talk-button"
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          press();
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onContextMenu={(event) => event.preventDefault()}
      >
        {texts.talk.button[isMine ? state.kind : 'idle']}
        {byKey ? <kbd>T</kbd> : null}
      </button>
      <small data-testid="talk-note">
        {holder === undefined || isMine ? noteOf(state, texts) : texts.talk.busy(holder.by)}
      </small>
    </div>
  );
}

function noteOf(state: TalkState, texts: Texts): string {
  const { talk } = texts;
  switch (state.kind) {
    case 'idle':
      return talk.hint;
    case 'opening':
      return talk.opening;
    case 'talking':
      return [
        state.delayMs === undefined ? talk.talking : talk.delay(state.delayMs),
        state.missing.length === 0 ? '' : talk.missing(state.missing.join(', ')),
      ].join('');
    case 'busy':
      return talk.busy(state.by);
    case 'failed':
      return talk.reasons[state.reason] ?? talk.failed(reasonText(state.reason, texts));
    default:
      return state satisfies never;
  }
}

function useTalkKey({ press, letGo }: HeldTalk, byKey: boolean): void {
  useEffect(() => {
    if (!byKey) return undefined;
    const isKey = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
      key.toLowerCase() === 't' && !ctrlKey && !altKey && !metaKey;
    const onDown = (event: KeyboardEvent): void => {
      if (isKey(event) && !event.repeat && !isTyping()) press();
    };
    const onUp = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 't') letGo();
    };
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    return () => {
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
    };
  }, [press, letGo, byKey]);
}
