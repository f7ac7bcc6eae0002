/**
 * Which alarm stands before the operator, and which ones wait. Pure.
 * Order: severity, then the oldest first. The alarm that is shown is never swapped under the operator's finger while it
 * has not been acknowledged, nor while something is being written about it; after that, the next one that calls takes its
 * place.
 * What has no picture to show (a camera that is offline) opens nothing by itself, and over a drawing that is not finished
 * only an emergency opens: the others call, and wait beside the work until it is done.
 */
import type { AlarmView } from '../../contract/console-api.ts';
import { isAboutDelivery } from '../../contract/delivery-event.ts';
import type { Severity } from '../../contract/rule-response.ts';

export type PopupItem = Readonly<{
  alarm: AlarmView;
  /** When the collector put it on the feed; absent for one that was found by asking. */
  feedAtMs?: number;
}>;

export type PopupQueue = Readonly<{
  /** In order. */
  items: readonly PopupItem[];
  shownId?: string;
  /** Put aside by the operator: they stand in the list and do not pop up again as they are. */
  aside: readonly string[];
  /** The operator is at something that must not be covered. */
  atWork?: boolean;
  /** A note or a reason about the alarm that is shown. */
  isWriting?: boolean;
}>;

export type PopupAction =
  | Readonly<{ kind: 'raised'; alarm: AlarmView; feedAtMs: number }>
  | Readonly<{ kind: 'changed'; alarm: AlarmView }>
  /** All open alarms as the centre has them now, after a (re)connection; times of the centre. */
  | Readonly<{
      kind: 'recovered';
      alarms: readonly AlarmView[];
      nowMs: number;
      onDutySinceMs: number;
    }>
  /** The operator opened it from a list. */
  | Readonly<{ kind: 'opened'; alarm: AlarmView }>
  | Readonly<{ kind: 'put-aside'; alarmId: string }>
  | Readonly<{ kind: 'stepped'; by: 1 | -1 }>
  | Readonly<{ kind: 'at-work'; atWork: boolean }>
  | Readonly<{ kind: 'writing'; writing: boolean }>;

export const emptyQueue: PopupQueue = { items: [], aside: [] };

/** What is older than this at signing in stays in the list: it must not start a cascade of yesterday's alarms. */
const recoverWithinMs = 10 * 60_000;
const mostRemembered = 5000;
const rank: Readonly<Record<Severity, number>> = { emergency: 0, warning: 1, information: 2 };

export function popupQueue(queue: PopupQueue, action: PopupAction): PopupQueue {
  switch (action.kind) {
    case 'raised':
      return raised(queue, action.alarm, action.feedAtMs);
    case 'changed':
      return settled(changed(queue, action.alarm));
    case 'recovered':
      return settled(recovered(queue, action));
    case 'opened':
      return { ...put(queue, { alarm: action.alarm }), shownId: action.alarm.alarmId };
    case 'put-aside':
      return settled(putAside(queue, action.alarmId));
    case 'stepped':
      return stepped(queue, action.by);
    case 'at-work':
      return settled({ ...queue, atWork: action.atWork });
    case 'writing':
      return settled({ ...queue, isWriting: action.writing });
    default:
      return action satisfies never;
  }
}

export function shownItem(queue: PopupQueue): PopupItem | undefined {
  return queue.items.find((item) => item.alarm.alarmId === queue.shownId);
}

/** Those that call and are not before the operator. */
export function waitingItems(queue: PopupQueue): readonly PopupItem[] {
  return queue.items.filter(
    (item) => item.alarm.alarmId !== queue.shownId && item.alarm.state === 'raised',
  );
}

/** Those that call while nothing is shown: they must not cover what the operator sees. */
export function besideItems(queue: PopupQueue): readonly PopupItem[] {
  return shownItem(queue) === undefined ? waitingItems(queue) : [];
}

/** How urgently the siren has to sound; undefined when nothing calls. */
export function loudestSeverity(queue: PopupQueue): Severity | undefined {
  return queue.items.find((item) => item.alarm.state === 'raised' && !item.alarm.late)?.alarm
    .severity;
}

/** What is wrong with the way to the centre stands in the list: there is no picture that could call. */
function calls(queue: PopupQueue, alarm: AlarmView): boolean {
  if (isAboutDelivery(alarm.event)) return false;
  return alarm.state === 'raised' && !alarm.late && !queue.aside.includes(asItStands(alarm));
}

/** One that was put aside calls again when the person did not leave. */
function asItStands({ alarmId, warning }: AlarmView): string {
  return warning?.escalated === true ? `${alarmId} escalated` : alarmId;
}

function putAside(queue: PopupQueue, alarmId: string): PopupQueue {
  const item = queue.items.find((one) => one.alarm.alarmId === alarmId);
  const aside = item === undefined ? alarmId : asItStands(item.alarm);
  return {
    ...without(queue, alarmId),
    aside: [...queue.aside, aside].slice(-mostRemembered),
  };
}

function raised(queue: PopupQueue, alarm: AlarmView, feedAtMs: number): PopupQueue {
  return calls(queue, alarm) ? settled(put(queue, { alarm, feedAtMs })) : queue;
}

function put(queue: PopupQueue, item: PopupItem): PopupQueue {
  const known = queue.items.find((one) => one.alarm.alarmId === item.alarm.alarmId);
  const others = queue.items.filter((one) => one !== known);
  return { ...queue, items: [...others, { ...known, ...item }].sort(byUrgency) };
}

function byUrgency(a: PopupItem, b: PopupItem): number {
  return rank[a.alarm.severity] - rank[b.alarm.severity] || a.alarm.raisedAtMs - b.alarm.raisedAtMs;
}

function without(queue: PopupQueue, alarmId: string): PopupQueue {
  return { ...queue, items: queue.items.filter((item) => item.alarm.alarmId !== alarmId) };
}

function changed(queue: PopupQueue, alarm: AlarmView): PopupQueue {
  const known = queue.items.find((item) => item.alarm.alarmId === alarm.alarmId);
  if (known === undefined) return queue;
  // One that was closed already has been opened by hand, and stays before who looks at it.
  const hasClosed = alarm.state === 'closed' && known.alarm.state !== 'closed';
  return hasClosed ? without(queue, alarm.alarmId) : put(queue, { alarm });
}

function recovered(
  queue: PopupQueue,
  { alarms, nowMs, onDutySinceMs }: Extract<PopupAction, { kind: 'recovered' }>,
): PopupQueue {
  // However long the feed was lost, what was raised meanwhile has called nobody here.
  const sinceMs = Math.min(onDutySinceMs, nowMs - recoverWithinMs);
  const open = new Map(alarms.map((alarm) => [alarm.alarmId, alarm]));
  const refreshed = queue.items.reduce<PopupQueue>((so, item) => {
    const now = open.get(item.alarm.alarmId);
    if (now !== undefined) return put(so, { alarm: now });
    // One that was closed already has been opened by hand from the history.
    return item.alarm.state === 'closed' ? so : without(so, item.alarm.alarmId);
  }, queue);
  return alarms
    .filter((alarm) => calls(queue, alarm) && alarm.raisedAtMs >= sinceMs)
    .reduce((so, alarm) => put(so, { alarm }), refreshed);
}

/** Chooses what is shown after a change, and forgets those that neither call nor are shown. */
function settled(queue: PopupQueue): PopupQueue {
  const shown = shownItem(queue);
  const calling = queue.items.filter((item) => item.alarm.state === 'raised');
  const isInHand = shown?.alarm.state === 'raised' || queue.isWriting === true;
  const stays = shown !== undefined && (isInHand || calling.length === 0);
  // Whoever is answering goes on to those as well that would not have opened by themselves.
  const isAnswering = queue.shownId !== undefined && queue.atWork !== true;
  const opening = calling.find(({ alarm }) => isAnswering || opensItself(queue, alarm));
  const next = stays ? shown : opening;
  const { shownId: _, ...rest } = queue;
  return {
    ...rest,
    items: queue.items.filter((item) => item === next || item.alarm.state === 'raised'),
    ...(next === undefined ? {} : { shownId: next.alarm.alarmId }),
  };
}

function opensItself({ atWork = false }: PopupQueue, { event, severity }: AlarmView): boolean {
  return event.kind !== 'camera-offline' && (!atWork || severity === 'emergency');
}

function stepped(queue: PopupQueue, by: 1 | -1): PopupQueue {
  const count = queue.items.length;
  const index = queue.items.findIndex((item) => item.alarm.alarmId === queue.shownId);
  const next = queue.items[(index + by + count) % Math.max(1, count)];
  return next === undefined ? queue : settled({ ...queue, shownId: next.alarm.alarmId });
}
