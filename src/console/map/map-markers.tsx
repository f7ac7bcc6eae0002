/** A camera and a speaker on the map: coloured by how they are; an alarm that nobody has taken pulses at its camera. */

import type { CameraView, SpeakerView } from '../../contract/console-api.ts';
import { useEdges, useFailedAnnouncements, useOpenAlarms } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { useNowMs } from '../shell/clock.tsx';
import { cameraCondition } from '../wall/camera-condition.ts';
import { worstAlarm } from './camera-alarms.ts';
import type { MapLayout } from './map-layout.ts';
import { failureText, recentFailure } from './recent-failure.ts';
import { speakerCondition } from './speaker-condition.ts';

type Spot = ReturnType<MapLayout['cameras']['get']>;
type Marked = Readonly<{ spot: Spot; isChosen: boolean; onChoose: () => void }>;

export function CameraMarker({
  camera,
  spot,
  hasName,
  isChosen,
  onChoose,
}: Marked & Readonly<{ camera: CameraView; hasName: boolean }>) {
  const texts = useTexts();
  const { state, reason } = cameraCondition(camera, useEdges().data ?? [], texts);
  const alarm = worstAlarm(useOpenAlarms().data ?? [], camera.cameraId);
  if (spot === undefined) return null;
  const words = [camera.name, texts.cameraState[state], reason, alarm?.ruleName];
  return (
    <button
      type="button"
      className={`map-marker map-camera map-camera-${state}`}
      data-testid={`map-camera-${camera.cameraId}`}
      data-state={state}
      data-alarm={alarm?.state}
      data-severity={alarm?.severity}
      aria-pressed={isChosen}
      style={{ left: spot.x, top: spot.y }}
      title={words.filter(Boolean).join(' · ')}
      onClick={onChoose}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 7h11a2 2 0 0 1 2 2v1.5l4-2.5v8l-4-2.5V15a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z" />
      </svg>
      {hasName ? <span className="map-name">{camera.name}</span> : null}
    </button>
  );
}

export function SpeakerMarker({
  speaker,
  spot,
  isChosen,
  onChoose,
}: Marked & Readonly<{ speaker: SpeakerView }>) {
  const texts = useTexts();
  const { map, speakers } = texts;
  const failures = useFailedAnnouncements().data ?? [];
  const failure = recentFailure(failures, speaker.speakerId, useNowMs());
  const condition = speakerCondition(speaker);
  if (spot === undefined) return null;
  const { speakerId, name, reason, speaking } = speaker;
  const doing = speaking === 'nothing' ? undefined : speakers.speaking[speaking];
  const failed = failure === undefined ? undefined : failureText(failure, texts);
  return (
    <button
      type="button"
      className={`map-marker map-speaker map-speaker-${condition}`}
      data-testid={`map-speaker-${speakerId}`}
      data-state={condition}
      data-speaking={speaking}
      data-failure={failure?.state}
      aria-pressed={isChosen}
      style={{ left: spot.x, top: spot.y }}
      title={[name, map.conditions[condition], reasonText(reason, texts), doing, failed]
        .filter(Boolean)
        .join(' · ')}
      onClick={onChoose}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M3 9h4l6-5v16l-6-5H3z" />
        <path className="map-waves" d="M16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12" />
      </svg>
    </button>
  );
}
