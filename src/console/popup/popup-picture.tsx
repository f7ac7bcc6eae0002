/** The camera's live picture with the rule and the sighting drawn over it; until it plays, the snapshot stands in its place. */
import type { AlarmView } from '../../contract/console-api.ts';
import { isAboutDelivery } from '../../contract/delivery-event.ts';
import { snapshotAddress } from '../api/routes.ts';
import { LiveView } from '../live/live-view.tsx';
import { PictureFrame } from '../picture/picture-frame.tsx';
import { RuleOverlay } from '../picture/rule-overlay.tsx';
import { useAspectRatio } from '../picture/use-aspect-ratio.ts';
import { TalkButton } from '../talk/talk-button.tsx';

export function PopupPicture({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const [aspectRatio, setPictureSize] = useAspectRatio(alarm.cameraId);
  return (
    <div className="popup-picture">
      <PictureFrame aspectRatio={aspectRatio}>
        {alarm.hasSnapshot ? (
          <img className="picture-fill" src={snapshotAddress(alarm.event.eventId)} alt="" />
        ) : null}
        {isAboutDelivery(alarm.event) ? null : (
          <LiveView cameraId={alarm.cameraId} onPictureSize={setPictureSize} />
        )}
        <RuleOverlay aspectRatio={aspectRatio} event={alarm.event} rule={alarm.rule} />
      </PictureFrame>
      <TalkButton cameraId={alarm.cameraId} byKey />
    </div>
  );
}
