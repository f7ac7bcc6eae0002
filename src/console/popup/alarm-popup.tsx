/**
 * The pop-up: when an alarm calls, its camera's live picture opens by itself over whatever page is shown, with the snapshot,
 * the rule and the trail, and is answered by one key. It never takes the focus away from somebody who is typing.
 */
import { useLayoutEffect, useState } from 'react';
import type { AlarmView } from '../../contract/console-api.ts';
import { useAlarmActions } from '../alarms/use-alarm-actions.ts';
import { isSpeaking, useSilence } from '../alarms/use-silence.ts';
import { PopupActions, type PopupNote } from './popup-actions.tsx';
import type { PopupAnswer } from './popup-answer.ts';
import { usePopups } from './popup-context.tsx';
import { PopupFacts } from './popup-facts.tsx';
import { PopupHeadline } from './popup-headline.tsx';
import { type PopupOrder, useOrders } from './popup-orders.tsx';
import { PopupPicture } from './popup-picture.tsx';
import {
  besideItems,
  loudestSeverity,
  type PopupItem,
  shownItem,
  waitingItems,
} from './popup-queue.ts';
import { PopupWaiting } from './popup-waiting.tsx';
import { afterPaint, recordShown } from './shown-times.ts';
import { useAlarmCall } from './use-alarm-call.ts';
import { usePopupKeys } from './use-popup-keys.ts';
import { useWriting } from './use-writing.ts';
import './popup.css';

export function AlarmPopup() {
  const { queue } = usePopups();
  const item = shownItem(queue);
  useAlarmCall(loudestSeverity(queue), (item ?? besideItems(queue)[0])?.alarm);
  return item === undefined ? null : (
    <ShownAlarm key={item.alarm.alarmId} item={item} waiting={waitingItems(queue)} />
  );
}

function ShownAlarm({
  item,
  waiting,
}: Readonly<{ item: PopupItem; waiting: readonly PopupItem[] }>) {
  const { alarm } = item;
  const { dispatch } = usePopups();
  const actions = useAlarmActions();
  const silence = useSilence();
  const [note, isNoting] = useNote(alarm.alarmId);
  const [asked, ask] = useState<PopupOrder>();
  const orders = useOrders(alarm);
  const shownAtMs = useShownAtMs(item);
  const answer: PopupAnswer = {
    acknowledge: () =>
      alarm.state === 'raised'
        ? actions.acknowledge(alarm.alarmId)
        : dispatch({ kind: 'put-aside', alarmId: alarm.alarmId }),
    close: (reason) =>
      alarm.state === 'closed' ? undefined : actions.close(alarm.alarmId, reason, note.text.trim()),
    silence: () => (isSpeaking(alarm) ? silence(alarm.alarmId) : undefined),
    putAside: () => dispatch({ kind: 'put-aside', alarmId: alarm.alarmId }),
    step: (by) => dispatch({ kind: 'stepped', by }),
    order: (order) => (orders.includes(order) ? ask(order) : undefined),
  };
  const typing = usePopupKeys(answer, actions.busy);
  useWriting(isNoting || asked === 'hold' || asked === 'export');
  return (
    <section
      className={`popup popup-${alarm.severity}`}
      aria-label={alarm.cameraName}
      data-testid="alarm-popup"
      data-alarm-id={alarm.alarmId}
      data-alarm-state={alarm.state}
      data-shown-at-ms={shownAtMs}
    >
      <PopupHeadline alarm={alarm} />
      <PopupPicture alarm={alarm} />
      <aside className="popup-side">
        <PopupFacts alarm={alarm} asked={asked} ask={ask} />
        <PopupActions
          alarm={alarm}
          answer={answer}
          busy={actions.busy}
          note={note}
          typing={typing}
        />
      </aside>
      <PopupWaiting items={waiting} />
    </section>
  );
}

/** The note so far, and whether the operator is at it. */
function useNote(alarmId: string): readonly [PopupNote, boolean] {
  const { notes } = usePopups();
  const [text, setText] = useState(notes.get(alarmId) ?? '');
  const [isOpen, setOpen] = useState(false);
  const write = (written: string): void => {
    notes.set(alarmId, written);
    setText(written);
  };
  // One that was written and not sent yet belongs to the answer that comes next.
  return [{ text, write, setOpen }, isOpen || text.trim() !== ''];
}

/** Wall clock of the first paint of this alarm; also recorded for measuring. */
function useShownAtMs(item: PopupItem): number | undefined {
  const [shownAtMs, setShownAtMs] = useState<number>();
  // The first paint counts: later changes of the item must not measure again.
  const [first] = useState(item);
  useLayoutEffect(
    () =>
      afterPaint(() => {
        const nowMs = Date.now();
        setShownAtMs(nowMs);
        recordShown(timesOf(first.alarm, first.feedAtMs, nowMs));
      }),
    [first],
  );
  return shownAtMs;
}

function timesOf(alarm: AlarmView, feedAtMs: number | undefined, shownAtMs: number) {
  return {
    alarmId: alarm.alarmId,
    capturedAtMs: alarm.event.capturedAtMs,
    ...(feedAtMs === undefined ? {} : { feedAtMs }),
    shownAtMs,
  };
}
