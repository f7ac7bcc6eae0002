/** One camera on the wall: its state, its name, and its picture; a camera that cannot be seen says why. */
import { Button } from 'antd';
import { useState } from 'react';
import type { AlarmView, CameraView } from '../../contract/console-api.ts';
import { givesPictures } from '../../contract/edge-report.ts';
import { useEdges, useOpenAlarms } from '../api/queries.ts';
import { snapshotAddress } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { momentText } from '../i18n/time-text.ts';
import { LiveView } from '../live/live-view.tsx';
import { useNowMs } from '../shell/clock.tsx';
import { addressOf } from '../shell/route.ts';
import { type CameraCondition, cameraCondition } from './camera-condition.ts';

export function CameraTile({
  camera,
  liveByDefault,
}: Readonly<{ camera: CameraView; liveByDefault: boolean }>) {
  const texts = useTexts();
  const [asked, setAsked] = useState<boolean>();
  const condition = cameraCondition(camera, useEdges().data ?? [], texts);
  const seen = givesPictures(condition.state) || condition.state === 'connecting';
  const live = seen && (asked ?? liveByDefault);
  const alarm = newestAlarm(useOpenAlarms().data ?? [], camera.cameraId);
  const calls = alarm?.state === 'raised' ? `camera-tile-calls severity-${alarm.severity}` : '';
  return (
    <article
      className={`camera-tile camera-tile-${condition.state} ${calls}`}
      data-testid={`camera-tile-${camera.cameraId}`}
      data-state={condition.state}
    >
      <div className="camera-tile-picture">
        <Still alarm={alarm} blank={seen && !live} />
        {live ? <LiveView cameraId={camera.cameraId} testId="tile-live-view" /> : null}
        {seen ? null : <Unseen condition={condition} />}
      </div>
      <footer>
        <span className={`state-dot state-dot-${condition.state}`} />
        <strong className="camera-tile-name">{camera.name}</strong>
        <span className="quiet">{texts.cameraState[condition.state]}</span>
        <span className="camera-tile-actions">
          {seen ? (
            <Button
              size="small"
              type="text"
              title={live ? texts.live.stop : texts.live.play}
              onClick={() => setAsked(!live)}
            >
              {live ? '■' : '▶'} {texts.live.live}
            </Button>
          ) : null}
          <a href={addressOf({ page: 'rules', cameraId: camera.cameraId })}>{texts.wall.draw}</a>
        </span>
      </footer>
    </article>
  );
}

/** The newest alarm's snapshot. */
function Still({ alarm, blank }: Readonly<{ alarm: AlarmView | undefined; blank: boolean }>) {
  const texts = useTexts();
  if (alarm?.hasSnapshot) {
    return <img className="picture-fill" src={snapshotAddress(alarm.event.eventId)} alt="" />;
  }
  return blank ? <span className="camera-tile-blank quiet">{texts.wall.noPicture}</span> : null;
}

function Unseen({ condition }: Readonly<{ condition: CameraCondition }>) {
  const texts = useTexts();
  const nowMs = useNowMs();
  return (
    <div className="camera-tile-unseen">
      <strong>{texts.cameraState[condition.state]}</strong>
      <span>{condition.reason}</span>
      <small>{texts.wall.since(momentText(condition.sinceMs, nowMs))}</small>
    </div>
  );
}

function newestAlarm(alarms: readonly AlarmView[], cameraId: string): AlarmView | undefined {
  return alarms
    .filter((one) => one.cameraId === cameraId)
    .reduce<AlarmView | undefined>(
      (newest, one) => (newest !== undefined && newest.raisedAtMs > one.raisedAtMs ? newest : one),
      undefined,
    );
}
