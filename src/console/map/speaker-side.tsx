/** The chosen speaker, or zone of speakers, beside the map: how it is, what it did not say, and what can be done. */

import type { SpeakerView } from '../../contract/console-api.ts';
import { useFailedAnnouncements } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import { useNowMs } from '../shell/clock.tsx';
import { SpeakerActions } from '../speakers/speaker-actions.tsx';
import { SpeakerTalkButton } from '../talk/talk-button.tsx';
import { speakerCondition } from './speaker-condition.ts';

export function SpeakerSide({ speaker }: Readonly<{ speaker: SpeakerView }>) {
  const texts = useTexts();
  const words = texts.speakers;
  const nowMs = useNowMs();
  const drivers: Readonly<Record<string, string>> = words.drivers;
  const condition = speakerCondition(speaker);
  const failures = (useFailedAnnouncements().data ?? []).filter(
    ({ speakerId }) => speakerId === speaker.speakerId,
  );
  return (
    <>
      <h3 data-testid="map-chosen">{speaker.name}</h3>
      <p className="quiet">{drivers[speaker.driver] ?? speaker.driver}</p>
      <p data-testid="map-speaker-condition" data-state={condition}>
        <span className={`map-dot map-dot-${condition}`} /> {texts.map.conditions[condition]}
        {speaker.reason === undefined ? null : (
          <span className="map-reason">{reasonText(speaker.reason, texts)}</span>
        )}
      </p>
      <p className="quiet">
        {words.proven}:{' '}
        {speaker.provenAtMs === undefined ? words.never : momentText(speaker.provenAtMs, nowMs)}
        {' · '}
        {words.speaking[speaker.speaking]}
        {speaker.waiting > 0 ? words.waiting(speaker.waiting) : ''}
      </p>
      <SpeakerTalkButton speaker={speaker} />
      <SpeakerActions speaker={speaker} />
      {failures.length === 0 ? null : <h3>{words.failures}</h3>}
      <ul className="map-failures">
        {failures.slice(0, 8).map(({ announcementId, atMs, wording, state, reason }) => (
          <li key={announcementId} data-testid="map-failure">
            <strong>{momentText(atMs, nowMs)}</strong> “{wording}”
            <small>
              {[texts.announcement[state], reasonText(reason, texts)].filter(Boolean).join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
