/** The open alarms at the left of the screen; a click brings one before the operator again. */

import type { AlarmView } from '../../contract/console-api.ts';
import { readReason } from '../../contract/reason.ts';
import { useEdges, useOpenAlarms } from '../api/queries.ts';
import { snapshotAddress } from '../api/routes.ts';
import { alarmText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import { usePopups } from '../popup/popup-context.tsx';
import { useNowMs } from '../shell/clock.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { inListOrder } from './alarm-order.ts';
import { AnnouncementNote } from './announcement-note.tsx';
import { ClockNote } from './clock-note.tsx';
import { WarningNote } from './warning-note.tsx';
import './alarm-list.css';

export function AlarmList() {
  const texts = useTexts();
  const alarms = useOpenAlarms();
  const nowMs = useNowMs();
  const listed = inListOrder(alarms.data ?? []);
  return (
    <aside className="alarm-list" data-testid="alarm-list">
      <h2>
        {texts.alarms.title}
        <b>{listed.length}</b>
      </h2>
      <StorageFaults />
      {alarms.isError ? <RequestFailure error={alarms.error} retry={alarms.refetch} /> : null}
      {alarms.isSuccess && listed.length === 0 ? (
        <p className="quiet">{texts.alarms.none}</p>
      ) : null}
      <ol>
        {listed.map((alarm) => (
          <ListedAlarm key={alarm.alarmId} alarm={alarm} nowMs={nowMs} />
        ))}
      </ol>
    </aside>
  );
}

/** Boxes that cannot keep what they see: what happens there may be lost. */
function StorageFaults() {
  const texts = useTexts();
  const edges = useEdges().data ?? [];
  return edges.flatMap(({ edgeId, storageFault }) =>
    storageFault === undefined ? (
      []
    ) : (
      <p
        key={edgeId}
        className="storage-fault"
        role="alert"
        title={reasonText(storageFault, texts)}
      >
        {readReason(storageFault)?.code === 'camera-held-elsewhere'
          ? `${edgeId}: ${reasonText(storageFault, texts)}`
          : texts.alarms.storageFault(edgeId)}
      </p>
    ),
  );
}

function ListedAlarm({ alarm, nowMs }: Readonly<{ alarm: AlarmView; nowMs: number }>) {
  const texts = useTexts();
  const { dispatch } = usePopups();
  const { capturedAtMs, eventId } = alarm.event;
  return (
    <li>
      <button
        type="button"
        className={`listed-alarm listed-alarm-${alarm.state} severity-edge-${alarm.severity}`}
        data-alarm-id={alarm.alarmId}
        data-state={alarm.state}
        onClick={() => dispatch({ kind: 'opened', alarm })}
      >
        {alarm.hasSnapshot ? (
          <img src={snapshotAddress(eventId)} alt="" loading="lazy" />
        ) : (
          <span className="listed-alarm-blank" />
        )}
        <span className="listed-alarm-words">
          <span className="listed-alarm-head">
            <strong>{alarm.cameraName}</strong>
            <time>{momentText(capturedAtMs, nowMs)}</time>
          </span>
          <span className="listed-alarm-rule">{alarmText(alarm, texts)}</span>
          <Marks alarm={alarm} />
        </span>
      </button>
    </li>
  );
}

function Marks({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  return (
    <span className="listed-alarm-marks">
      <span className={`state-mark state-mark-${alarm.state}`}>
        {texts.alarmState[alarm.state]}
      </span>
      {alarm.late ? (
        <span className="late-mark" title={texts.alarms.lateHint}>
          {texts.alarms.late}
        </span>
      ) : null}
      <ClockNote event={alarm.event} />
      {alarm.repeats === 0 ? null : <span>{texts.alarms.repeats(alarm.repeats)}</span>}
      {alarm.announcement === undefined ? null : (
        <AnnouncementNote announcement={alarm.announcement} />
      )}
      <WarningNote warning={alarm.warning} />
    </span>
  );
}
