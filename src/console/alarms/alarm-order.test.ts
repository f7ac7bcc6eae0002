/** The order of the alarm list. */
import { expect, it } from 'vitest';
import { alarmView } from '../../testing/alarm-view.ts';
import { inListOrder } from './alarm-order.ts';

it('lists alarms that call first, then by severity, the newest first, the late ones last', () => {
  const order = inListOrder([
    alarmView({ alarmId: 'in-hand', state: 'acknowledged', severity: 'emergency' }),
    alarmView({ alarmId: 'late', late: true, severity: 'emergency' }),
    alarmView({ alarmId: 'old', raisedAtMs: 1 }),
    alarmView({ alarmId: 'new', raisedAtMs: 2 }),
    alarmView({ alarmId: 'urgent', severity: 'emergency', raisedAtMs: 0 }),
  ]);
  expect(order.map((one) => one.alarmId)).toEqual(['urgent', 'new', 'old', 'late', 'in-hand']);
});
