/** The chosen camera beside the map: its picture, what calls there, the lane's speaker, and the talk button. */

import type { CameraView } from '../../contract/console-api.ts';
import { useEdges, useOpenAlarms, useSpeakers } from '../api/queries.ts';
import { alarmText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import { LiveView } from '../live/live-view.tsx';
import { usePopups } from '../popup/popup-context.tsx';
import { useNowMs } from '../shell/clock.tsx';
import { addressOf } from '../shell/route.ts';
import { TalkButton } from '../talk/talk-button.tsx';
import { cameraCondition } from '../wall/camera-condition.ts';
import type { Chosen } from './map-stage.tsx';
import { speakerCondition } from './speaker-condition.ts';

export function CameraSide({
  camera,
  choose,
}: Readonly<{ camera: CameraView; choose: (chosen: Chosen) => void }>) {
  const texts = useTexts();
  const nowMs = useNowMs();
  const condition = cameraCondition(camera, useEdges().data ?? [], texts);
  const isSeen = condition.state === 'live' || condition.state === 'connecting';
  const speaker = useSpeakers().data?.find(({ speakerId }) => speakerId === camera.speakerId);
  return (
    <>
      <h3 data-testid="map-chosen">{camera.name}</h3>
      <p className="quiet">
        {[camera.grid, camera.community, camera.lane].filter(Boolean).join(' · ')}
      </p>
      <div className="map-live">
        {isSeen ? <LiveView cameraId={camera.cameraId} testId="map-live-view" /> : null}
        {isSeen ? null : <span className="quiet">{texts.cameraState[condition.state]}</span>}
      </div>
      <p>
        <span className={`state-dot state-dot-${condition.state}`} />{' '}
        {texts.cameraState[condition.state]} {condition.reason}{' '}
        <small className="quiet">{texts.wall.since(momentText(condition.sinceMs, nowMs))}</small>
      </p>
      <TalkButton cameraId={camera.cameraId} />
      {speaker === undefined ? null : (
        <ul className="map-attention">
          <li>
            <button
              type="button"
              onClick={() => choose({ kind: 'speaker', id: speaker.speakerId })}
            >
              <span className={`map-dot map-dot-${speakerCondition(speaker)}`} />
              <strong>{speaker.name}</strong>
              <small>
                {reasonText(speaker.reason, texts) ??
                  texts.map.conditions[speakerCondition(speaker)]}
              </small>
            </button>
          </li>
        </ul>
      )}
      <OpenAlarms cameraId={camera.cameraId} />
      <a href={addressOf({ page: 'rules', cameraId: camera.cameraId })}>{texts.wall.draw}</a>
    </>
  );
}

function OpenAlarms({ cameraId }: Readonly<{ cameraId: string }>) {
  const texts = useTexts();
  const nowMs = useNowMs();
  const { dispatch } = usePopups();
  const alarms = (useOpenAlarms().data ?? []).filter((one) => one.cameraId === cameraId);
  return (
    <ul className="map-attention">
      {alarms.slice(0, 8).map((alarm) => (
        <li key={alarm.alarmId}>
          <button type="button" onClick={() => dispatch({ kind: 'opened', alarm })}>
            <span
              className={alarm.state === 'raised' ? 'map-dot map-dot-alarm' : 'map-dot'}
              data-severity={alarm.severity}
            />
            <strong>{momentText(alarm.event.capturedAtMs, nowMs)}</strong>
            <small>{alarmText(alarm, texts)}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}
