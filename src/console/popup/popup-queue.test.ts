/** The order of pop-ups, and what takes the place of what. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmView } from '../../contract/console-api.ts';
import { alarmView } from '../../testing/alarm-view.ts';
import {
  besideItems,
  emptyQueue,
  loudestSeverity,
  type PopupAction,
  type PopupItem,
  type PopupQueue,
  popupQueue,
  shownItem,
  waitingItems,
} from './popup-queue.ts';

const nowMs = 1_700_000_000_000;
const alarm = (alarmId: string, given: Partial<AlarmView> = {}): AlarmView =>
  alarmView({ alarmId, raisedAtMs: nowMs, ...given });
const raised = (one: AlarmView): PopupAction => ({ kind: 'raised', alarm: one, feedAtMs: nowMs });
const recovered = (alarms: readonly AlarmView[]): PopupAction => ({
  ...({ kind: 'recovered', alarms, nowMs, onDutySinceMs: nowMs } as const),
});
const queueAfter = (...actions: readonly PopupAction[]): PopupQueue =>
  actions.reduce(popupQueue, emptyQueue);
const offline = (alarmId: string, given: Partial<AlarmView> = {}): AlarmView => {
  const { eventId, edgeId, cameraId, capturedAtMs, mediaTimeMs } = alarm(alarmId).event;
  const event = {
    ...({ schemaVersion: 1, sequence: 1, historical: false, modelVersion: 'm' } as const),
    ...{ eventId, edgeId, cameraId, capturedAtMs, mediaTimeMs },
    ...({ kind: 'camera-offline', cause: 'signal-lost', reason: 'no picture' } as const),
  };
  return alarm(alarmId, { severity: 'information', event, ...given });
};
const besideIds = (queue: PopupQueue): readonly string[] =>
  besideItems(queue).map((item) => item.alarm.alarmId);
const atWork = (now: boolean): PopupAction => ({ kind: 'at-work', atWork: now });
const shownId = (queue: PopupQueue): string | undefined => shownItem(queue)?.alarm.alarmId;
const waitingIds = (queue: PopupQueue): readonly string[] =>
  waitingItems(queue).map((item) => item.alarm.alarmId);

describe('popup queue', () => {
  it('shows the first alarm at once and lets the others wait by severity, then the oldest first', () => {
    const queue = queueAfter(
      raised(alarm('first')),
      raised(alarm('young', { raisedAtMs: nowMs + 2 })),
      raised(alarm('urgent', { severity: 'emergency', raisedAtMs: nowMs + 3 })),
      raised(alarm('old', { raisedAtMs: nowMs + 1 })),
      raised(alarm('notice', { severity: 'information' })),
    );
    expect(shownId(queue)).toBe('first');
    expect(waitingIds(queue)).toEqual(['urgent', 'old', 'young', 'notice']);
    expect(loudestSeverity(queue)).toBe('emergency');
  });

  it('brings back who is still there after the warning, also when it was put aside', () => {
    const stays = { outcome: 'still-there', afterSeconds: 30, escalated: true } as const;
    const again = alarm('a', { severity: 'emergency', warning: stays });
    const aside: PopupAction = { kind: 'put-aside', alarmId: 'a' };
    expect(shownId(queueAfter(raised(alarm('a')), aside, raised(alarm('a'))))).toBeUndefined();
    const queue = queueAfter(raised(alarm('a')), aside, raised(again));
    expect(shownId(queue)).toBe('a');
    expect(loudestSeverity(queue)).toBe('emergency');
  });

  it('never swaps the alarm under the finger, even for an emergency', () => {
    const queue = queueAfter(
      raised(alarm('first')),
      raised(alarm('urgent', { severity: 'emergency' })),
    );
    expect(shownId(queue)).toBe('first');
  });

  it('brings the next one forward when the shown one is acknowledged', () => {
    const queue = queueAfter(raised(alarm('first')), raised(alarm('second')), {
      kind: 'changed',
      alarm: alarm('first', { state: 'acknowledged' }),
    });
    expect(shownId(queue)).toBe('second');
    expect(queue.items).toHaveLength(1);
  });

  it('keeps an acknowledged alarm on the screen while nothing else calls, and gives way to the next', () => {
    const acknowledged = queueAfter(raised(alarm('first')), {
      kind: 'changed',
      alarm: alarm('first', { state: 'acknowledged' }),
    });
    expect(shownId(acknowledged)).toBe('first');
    expect(loudestSeverity(acknowledged)).toBeUndefined();
    expect(shownId(popupQueue(acknowledged, raised(alarm('second'))))).toBe('second');
  });

  it('closes when the shown alarm is closed, here or by somebody else', () => {
    const queue = queueAfter(raised(alarm('first')), {
      kind: 'changed',
      alarm: alarm('first', { state: 'closed' }),
    });
    expect(queue.items).toEqual([]);
    expect(shownId(queue)).toBeUndefined();
  });

  it('does not pop up what arrived late', () => {
    expect(queueAfter(raised(alarm('late', { late: true }))).items).toEqual([]);
  });

  it('does not call again for what was put aside, but opens it by hand', () => {
    const aside = queueAfter(raised(alarm('first')), { kind: 'put-aside', alarmId: 'first' });
    expect(shownId(aside)).toBeUndefined();
    expect(shownId(popupQueue(aside, recovered([alarm('first')])))).toBeUndefined();
    expect(shownId(popupQueue(aside, { kind: 'opened', alarm: alarm('first') }))).toBe('first');
  });

  it('takes the snapshot into the alarm that is shown and keeps when the feed brought it', () => {
    const queue = queueAfter(raised(alarm('first')), {
      kind: 'changed',
      alarm: alarm('first', { hasSnapshot: true }),
    });
    expect(shownItem(queue)).toEqual({
      alarm: alarm('first', { hasSnapshot: true }),
      feedAtMs: nowMs,
    });
  });

  it('calls for fresh alarms that were raised while the feed was lost, and leaves old ones to the list', () => {
    const queue = queueAfter(
      recovered([alarm('fresh'), alarm('stale', { raisedAtMs: nowMs - 11 * 60_000 })]),
    );
    expect(queue.items.map((item) => item.alarm.alarmId)).toEqual(['fresh']);
  });

  it('calls for all that was raised while the feed was lost, however long that was', () => {
    const alarms = [alarm('missed', { raisedAtMs: nowMs - 40 * 60_000 })];
    const dutySince = (onDutySinceMs: number): PopupQueue =>
      queueAfter({ kind: 'recovered', nowMs, onDutySinceMs, alarms });
    expect(shownId(dutySince(nowMs - 60 * 60_000))).toBe('missed');
    expect(shownId(dutySince(nowMs - 30 * 60_000))).toBeUndefined();
  });

  it('brings back who stayed after the warning when that was told while the feed was lost, once', () => {
    const stays = { outcome: 'still-there', afterSeconds: 30, escalated: true } as const;
    const again = recovered([alarm('a', { severity: 'emergency', warning: stays })]);
    const aside: PopupAction = { kind: 'put-aside', alarmId: 'a' };
    const queue = queueAfter(raised(alarm('a')), aside, again);
    expect(shownId(queue)).toBe('a');
    expect(shownId([aside, again].reduce(popupQueue, queue))).toBeUndefined();
  });

  it('leaves the alarm that is written about where it is, and nothing else', () => {
    const seen: PopupAction = { kind: 'changed', alarm: alarm('a', { state: 'acknowledged' }) };
    const writing = (now: boolean): PopupAction => ({ kind: 'writing', writing: now });
    const urgent = alarm('b', { severity: 'emergency' });
    const queue = queueAfter(raised(alarm('a')), seen, writing(true), raised(urgent));
    expect([shownId(queue), waitingIds(queue)]).toEqual(['a', ['b']]);
    expect(loudestSeverity(queue)).toBe('emergency');
    expect(shownId(popupQueue(queue, writing(false)))).toBe('b');
    const closed: PopupAction = { kind: 'changed', alarm: alarm('a', { state: 'closed' }) };
    expect(shownId(popupQueue(queue, closed))).toBe('b');
  });

  it('forgets alarms that were closed while the feed was lost, but not one opened from the history', () => {
    const lost = queueAfter(raised(alarm('first')), recovered([]));
    expect(shownId(lost)).toBeUndefined();
    const opened = queueAfter({ kind: 'opened', alarm: alarm('old', { state: 'closed' }) });
    expect(shownId(popupQueue(opened, recovered([])))).toBe('old');
  });

  it('steps through all that wait and comes round again', () => {
    const queue = queueAfter(raised(alarm('a')), raised(alarm('b')), raised(alarm('c')));
    const steps = [1, 2, 3].reduce<PopupQueue[]>(
      (so) => [...so, popupQueue(so.at(-1) ?? queue, { kind: 'stepped', by: 1 })],
      [],
    );
    expect(steps.map(shownId)).toEqual(['b', 'c', 'a']);
    expect(shownId(popupQueue(queue, { kind: 'stepped', by: -1 }))).toBe('c');
  });

  it('keeps a closed alarm that was opened by hand before the operator when it changes', () => {
    const closed = alarm('a', { state: 'closed' });
    const held = { ...closed, hold: { reason: 'police', by: 'li', atMs: nowMs } };
    const queue = queueAfter({ kind: 'opened', alarm: closed }, { kind: 'changed', alarm: held });
    expect(queue.items.map((item) => item.alarm.hold?.by)).toEqual(['li']);
  });

  it('always shows something while anything calls, whatever happens in which order', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd');
    const states = fc.constantFrom('raised' as const, 'acknowledged' as const, 'closed' as const);
    const severities = fc.constantFrom(
      'information' as const,
      'warning' as const,
      'emergency' as const,
    );
    const alarms = fc
      .record({ alarmId: ids, state: states, severity: severities, isOffline: fc.boolean() })
      .map(({ isOffline, ...given }) => (isOffline ? offline : alarm)(given.alarmId, given));
    const actions = fc.oneof(
      alarms.map((one) => raised(one)),
      alarms.map((one): PopupAction => ({ kind: 'changed', alarm: one })),
      alarms.map((one): PopupAction => ({ kind: 'opened', alarm: one })),
      fc.array(alarms).map(recovered),
      ids.map((alarmId): PopupAction => ({ kind: 'put-aside', alarmId })),
      fc.constant<PopupAction>({ kind: 'stepped', by: 1 }),
      fc.boolean().map((atWork): PopupAction => ({ kind: 'at-work', atWork })),
      fc.boolean().map((writing): PopupAction => ({ kind: 'writing', writing })),
    );
    fc.assert(
      fc.property(fc.array(actions), (all) => {
        const queue = queueAfter(...all);
        const idsOfAll = queue.items.map((item) => item.alarm.alarmId);
        expect(new Set(idsOfAll).size).toBe(idsOfAll.length);
        if (shownId(queue) !== undefined) return;
        const isHeldBack = ({ alarm: one }: PopupItem): boolean =>
          one.event.kind === 'camera-offline' ||
          (queue.atWork === true && one.severity !== 'emergency');
        expect(besideItems(queue)).toEqual(queue.items);
        expect(queue.items.every(isHeldBack)).toBe(true);
      }),
    );
  });
});

describe('what must not be covered', () => {
  it('lets all but emergencies wait beside a drawing that is not finished, and shows them after it', () => {
    const drawing = queueAfter(atWork(true), raised(alarm('a')), raised(alarm('b')));
    expect([shownId(drawing), besideIds(drawing)]).toEqual([undefined, ['a', 'b']]);
    expect(loudestSeverity(drawing)).toBe('warning');
    expect(shownId(popupQueue(drawing, atWork(false)))).toBe('a');
    const urgent = popupQueue(drawing, raised(alarm('fire', { severity: 'emergency' })));
    expect(shownId(urgent)).toBe('fire');
    const answered = popupQueue(urgent, { kind: 'put-aside', alarmId: 'fire' });
    expect([shownId(answered), besideIds(answered)]).toEqual([undefined, ['a', 'b']]);
  });

  it('opens one that waits beside when it is chosen, and leaves the others there', () => {
    const drawing = queueAfter(atWork(true), raised(alarm('a')), raised(alarm('b')));
    const opened = popupQueue(drawing, { kind: 'opened', alarm: alarm('b') });
    expect([shownId(opened), waitingIds(opened)]).toEqual(['b', ['a']]);
  });

  it('opens nothing for a camera that is offline, but has it among those that are answered', () => {
    const queue = queueAfter(raised(offline('dark')));
    expect([shownId(queue), besideIds(queue)]).toEqual([undefined, ['dark']]);
    const answering = popupQueue(queue, raised(alarm('a')));
    expect([shownId(answering), waitingIds(answering)]).toEqual(['a', ['dark']]);
    expect(
      shownId(
        popupQueue(answering, { kind: 'changed', alarm: alarm('a', { state: 'acknowledged' }) }),
      ),
    ).toBe('dark');
  });

  it('forgets what was closed elsewhere meanwhile', () => {
    const drawing = queueAfter(atWork(true), raised(alarm('a')));
    expect(popupQueue(drawing, recovered([])).items).toEqual([]);
  });
});

it('lists what is wrong with the way to the centre and pops nothing up for it', () => {
  const event = { ...alarm('x').event, kind: 'events-lost' } as unknown as AlarmView['event'];
  expect(queueAfter(raised(alarm('lost', { event }))).items).toEqual([]);
});
