/** What can be done with an alarm's evidence: play the clip, keep it beyond its time, take it out as a file. */
import { may } from '../../contract/access-rights.ts';
import type { AlarmView } from '../../contract/console-api.ts';
import { AskExport } from '../alarms/ask-export.tsx';
import { useRole } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { AskHold } from './ask-hold.tsx';

export type PopupOrder = 'play-clip' | 'hold' | 'export';

/** Which of them this alarm and this role have; a key for another one does nothing. */
export function useOrders(alarm: AlarmView): readonly PopupOrder[] {
  const role = useRole();
  return [
    ...(alarm.hasClip === true ? (['play-clip'] as const) : []),
    ...(may(role, 'recording.hold') ? (['hold'] as const) : []),
    ...(may(role, 'recording.export') ? (['export'] as const) : []),
  ];
}

export function PopupOrders({
  alarm,
  asked,
  ask,
}: Readonly<{
  alarm: AlarmView;
  asked: PopupOrder | undefined;
  ask: (order: PopupOrder | undefined) => void;
}>) {
  const { popup, alarms } = useTexts();
  const orders = useOrders(alarm);
  const words: Readonly<Record<PopupOrder, string>> = {
    'play-clip': popup.playClip,
    hold: alarm.hold === undefined ? popup.hold : popup.release,
    export: alarms.export,
  };
  const done = (): void => ask(undefined);
  return (
    <>
      <div className="popup-orders">
        {orders.map((order) => (
          <button
            key={order}
            type="button"
            className="popup-order"
            data-testid={`popup-${order}`}
            tabIndex={-1}
            disabled={order === 'play-clip' && asked === order}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => ask(order)}
          >
            {words[order]} <kbd>{popup.keys[order]}</kbd>
          </button>
        ))}
      </div>
      {asked === 'hold' ? <AskHold alarm={alarm} done={done} /> : null}
      {asked === 'export' ? <AskExport alarmId={alarm.alarmId} done={done} /> : null}
    </>
  );
}
