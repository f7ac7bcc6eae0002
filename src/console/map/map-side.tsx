/** Beside the map: the chosen camera or speaker; or, while none is, what needs somebody. */

import { Button } from 'antd';
import type { CameraView, SpeakerView } from '../../contract/console-api.ts';
import {
  useCameras,
  useEdges,
  useFailedAnnouncements,
  useOpenAlarms,
  useSpeakers,
} from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { useNowMs } from '../shell/clock.tsx';
import { cameraCondition } from '../wall/camera-condition.ts';
import { worstAlarm } from './camera-alarms.ts';
import { CameraSide } from './camera-side.tsx';
import type { Chosen } from './map-stage.tsx';
import { failureText, recentFailure } from './recent-failure.ts';
import { speakerCondition } from './speaker-condition.ts';
import { SpeakerSide } from './speaker-side.tsx';
import './map-side.css';

type Props = Readonly<{
  chosen: Chosen | undefined;
  choose: (chosen: Chosen | undefined) => void;
}>;

export function MapSide({ chosen, choose }: Props) {
  const words = useTexts().map;
  const camera = (useCameras().data ?? []).find(
    ({ cameraId }) => chosen?.kind === 'camera' && cameraId === chosen.id,
  );
  const speaker = (useSpeakers().data ?? []).find(
    ({ speakerId }) => chosen?.kind === 'speaker' && speakerId === chosen.id,
  );
  const isOpen = camera !== undefined || speaker !== undefined;
  return (
    <aside className="map-side" data-testid="map-side">
      {isOpen ? (
        <Button size="small" className="map-back" onClick={() => choose(undefined)}>
          ‹ {words.back}
        </Button>
      ) : null}
      {camera === undefined ? null : (
        <CameraSide key={camera.cameraId} camera={camera} choose={choose} />
      )}
      {speaker === undefined ? null : <SpeakerSide key={speaker.speakerId} speaker={speaker} />}
      {isOpen ? null : <Overview choose={choose} />}
    </aside>
  );
}

function Overview({ choose }: Pick<Props, 'choose'>) {
  const texts = useTexts();
  const words = texts.map;
  const cameras = useCameras().data ?? [];
  const edges = useEdges().data ?? [];
  const alarms = useOpenAlarms().data ?? [];
  const speakers = useSpeakers().data ?? [];
  const unseen = cameras.filter((camera) => cameraCondition(camera, edges, texts).state !== 'live');
  const calling = cameras.filter(
    ({ cameraId }) => worstAlarm(alarms, cameraId)?.state === 'raised',
  );
  const single = speakers.filter(({ driver }) => driver !== 'zone');
  const failures = useFailedAnnouncements().data ?? [];
  const nowMs = useNowMs();
  const unwell = single.filter(
    (one) =>
      ['failed', 'flagged'].includes(speakerCondition(one)) ||
      recentFailure(failures, one.speakerId, nowMs) !== undefined,
  );
  const zones = speakers.filter(({ driver }) => driver === 'zone');
  const isQuiet = calling.length + unseen.length + unwell.length === 0;
  return (
    <>
      <h3>{words.attention}</h3>
      {isQuiet ? <p className="map-quiet">{words.allWell}</p> : null}
      <ul className="map-attention">
        {calling.map((camera) => (
          <CameraLine key={`alarm ${camera.cameraId}`} camera={camera} isCalling choose={choose} />
        ))}
        {unseen.map((camera) => (
          <CameraLine key={camera.cameraId} camera={camera} choose={choose} />
        ))}
        {unwell.map((speaker) => (
          <SpeakerLine key={speaker.speakerId} speaker={speaker} choose={choose} />
        ))}
      </ul>
      {zones.length === 0 ? null : <h3>{words.zones}</h3>}
      <ul className="map-attention">
        {zones.map((zone) => (
          <SpeakerLine key={zone.speakerId} speaker={zone} choose={choose} />
        ))}
      </ul>
      <Legend />
    </>
  );
}

function CameraLine({
  camera,
  isCalling = false,
  choose,
}: Pick<Props, 'choose'> & Readonly<{ camera: CameraView; isCalling?: boolean }>) {
  const texts = useTexts();
  const { state, reason } = cameraCondition(camera, useEdges().data ?? [], texts);
  const alarm = worstAlarm(useOpenAlarms().data ?? [], camera.cameraId);
  return (
    <li>
      <button type="button" onClick={() => choose({ kind: 'camera', id: camera.cameraId })}>
        <span
          className={isCalling ? 'map-dot map-dot-alarm' : `state-dot state-dot-${state}`}
          data-severity={alarm?.severity}
        />
        <strong>{camera.name}</strong>
        <small>{isCalling ? alarm?.ruleName : (reason ?? texts.cameraState[state])}</small>
      </button>
    </li>
  );
}

function SpeakerLine({
  speaker,
  choose,
}: Pick<Props, 'choose'> & Readonly<{ speaker: SpeakerView }>) {
  const texts = useTexts();
  const condition = speakerCondition(speaker);
  const failures = useFailedAnnouncements().data ?? [];
  const failure = recentFailure(failures, speaker.speakerId, useNowMs());
  return (
    <li>
      <button type="button" onClick={() => choose({ kind: 'speaker', id: speaker.speakerId })}>
        <span className={`map-dot map-dot-${condition}`} />
        <strong>{speaker.name}</strong>
        <small>{reasonText(speaker.reason, texts) ?? texts.map.conditions[condition]}</small>
        {failure === undefined ? null : (
          <small className="map-reason" data-testid={`map-failure-${speaker.speakerId}`}>
            {failureText(failure, texts)}
          </small>
        )}
      </button>
    </li>
  );
}

function Legend() {
  const { map, cameraState } = useTexts();
  return (
    <div className="map-legend">
      {(['live', 'stalled', 'offline'] as const).map((state) => (
        <span key={state}>
          <i className={`state-dot state-dot-${state}`} /> {cameraState[state]}
        </span>
      ))}
      {(['proven', 'unproven', 'flagged', 'failed'] as const).map((condition) => (
        <span key={condition}>
          <i className={`map-dot map-dot-${condition}`} /> {map.conditions[condition]}
        </span>
      ))}
    </div>
  );
}
