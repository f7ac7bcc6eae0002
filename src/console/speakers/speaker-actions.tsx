/** What an operator can do to a speaker at once: try it, confirm that it was heard, silence it. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { SpeakerView } from '../../contract/console-api.ts';
import { keys, putSpeaker } from '../api/queries.ts';
import { confirmSpeakerHeard, silenceSpeaker, soundTone } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';

export function SpeakerActions({ speaker }: Readonly<{ speaker: SpeakerView }>) {
  const texts = useTexts();
  const words = texts.speakers;
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const onError = useFailureNotice();
  const { speakerId, name } = speaker;
  const tone = useMutation({
    mutationFn: () => soundTone(speakerId),
    onError,
    onSuccess: ({ state, reason }) => {
      notification.info({
        title: `${words.toneEnded}: ${name}`,
        description: [texts.announcement[state], reasonText(reason, texts)]
          .filter(Boolean)
          .join(' · '),
        placement: 'bottomLeft',
      });
      void queries.invalidateQueries({ queryKey: keys.speakers });
    },
  });
  const onSuccess = (changed: SpeakerView): void => putSpeaker(queries, changed);
  const heard = useMutation({
    mutationFn: () => confirmSpeakerHeard(speakerId),
    onError,
    onSuccess,
  });
  const silence = useMutation({ mutationFn: () => silenceSpeaker(speakerId), onError, onSuccess });
  return (
    <span className="speaker-actions">
      <Button
        size="small"
        title={words.toneTitle}
        loading={tone.isPending}
        onClick={() => tone.mutate()}
      >
        {words.tone}
      </Button>
      <Button size="small" title={words.heardTitle} onClick={() => heard.mutate()}>
        {words.heard}
      </Button>
      <Button size="small" danger title={words.silenceTitle} onClick={() => silence.mutate()}>
        {words.silence}
      </Button>
    </span>
  );
}
