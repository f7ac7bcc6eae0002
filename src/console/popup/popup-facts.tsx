/** Beside the live picture: the snapshot of the moment itself, and what else is known. */
import { useState } from 'react';
import type { AlarmView } from '../../contract/console-api.ts';
import { AnnouncementNote } from '../alarms/announcement-note.tsx';
import { ClockNote } from '../alarms/clock-note.tsx';
import { WarningNote } from '../alarms/warning-note.tsx';
import { useCameras } from '../api/queries.ts';
import { clipAddress, snapshotAddress } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText } from '../i18n/time-text.ts';
import { CloseUp } from '../picture/close-up.tsx';
import { type PopupOrder, PopupOrders } from './popup-orders.tsx';
import './popup-facts.css';

export function PopupFacts({
  alarm,
  asked,
  ask,
}: Readonly<{
  alarm: AlarmView;
  asked: PopupOrder | undefined;
  ask: (order: PopupOrder | undefined) => void;
}>) {
  const camera = useCameras().data?.find((one) => one.cameraId === alarm.cameraId);
  const place = [camera?.grid, camera?.community, camera?.lane].filter((part) => part);
  return (
    <div className="popup-facts">
      {asked === 'play-clip' ? <Clip alarm={alarm} /> : <Closely alarm={alarm} />}
      {place.length === 0 ? null : <p className="popup-place">{place.join(' · ')}</p>}
      <Known alarm={alarm} />
      <PopupOrders alarm={alarm} asked={asked} ask={ask} />
      <Snapshot alarm={alarm} />
    </div>
  );
}

/** What has been said and done about it so far. */
function Known({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  return (
    <ul>
      {alarm.event.clockSuspect === undefined ? null : (
        <li>
          <ClockNote event={alarm.event} />
        </li>
      )}
      {alarm.repeats === 0 ? null : (
        <li className="repeats">{texts.alarms.repeats(alarm.repeats)}</li>
      )}
      {alarm.announcement === undefined ? null : (
        <li>
          <AnnouncementNote announcement={alarm.announcement} withWording />
        </li>
      )}
      {alarm.warning === undefined ? null : (
        <li>
          <WarningNote warning={alarm.warning} />
        </li>
      )}
      <Passes alarm={alarm} />
      {'confidence' in alarm.event ? (
        <li className="quiet">
          {texts.popup.confidence(Math.round(alarm.event.confidence * 100))}
        </li>
      ) : null}
      {alarm.acknowledgedBy === undefined ? null : (
        <li className="quiet">{texts.popup.acknowledgedBy(alarm.acknowledgedBy)}</li>
      )}
      {alarm.hold === undefined ? null : (
        <li data-testid="held">{texts.centre.held(alarm.hold.by, alarm.hold.reason)}</li>
      )}
    </ul>
  );
}

/** Enlarged around the person, above what is known; a snapshot that is still on its way says so there. */
function Closely({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  const { event } = alarm;
  if (!alarm.hasSnapshot) {
    const expected = 'box' in event;
    return (
      <div className="popup-snapshot-pending">
        {expected ? texts.popup.snapshotPending : texts.popup.snapshotNone}
      </div>
    );
  }
  return 'box' in event ? (
    <CloseUp address={snapshotAddress(event.eventId)} box={event.box} />
  ) : null;
}

/** The seconds before and after, once somebody asks for them: the clip is fetched only then. */
function Clip({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  const [failed, setFailed] = useState(false);
  return failed ? (
    <div className="popup-snapshot-pending">{texts.popup.clipFailed}</div>
  ) : (
    <video
      className="popup-clip"
      data-testid="popup-clip"
      src={clipAddress(alarm.event.eventId)}
      controls
      autoPlay
      muted
      playsInline
      onError={() => setFailed(true)}
    />
  );
}

/** The whole snapshot takes the room that is left. */
function Snapshot({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  if (!alarm.hasSnapshot) return null;
  return (
    <figure className="popup-snapshot">
      <img src={snapshotAddress(alarm.event.eventId)} alt={texts.popup.snapshot} />
      <figcaption>
        {texts.popup.snapshot} {clockText(alarm.event.capturedAtMs)}
      </figcaption>
    </figure>
  );
}

/** Each pass with how sure it is that it was the same person. */
function Passes({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  if (alarm.event.kind !== 'pass-loitering') return null;
  return alarm.event.passes.map((pass, index) => (
    <li key={pass.startedAtMs} className={`pass pass-${pass.link}`}>
      {texts.event.pass(index + 1)} {clockText(pass.startedAtMs)}
      <small>{texts.event.link[pass.link]}</small>
    </li>
  ));
}
