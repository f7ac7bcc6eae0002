/** Closed alarms with their snapshots and outcomes, newest first, a page at a time. */

import { Button, DatePicker, Select, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { may } from '../../contract/access-rights.ts';
import type { AlarmView } from '../../contract/console-api.ts';
import { ClockNote } from '../alarms/clock-note.tsx';
import { WarningNote } from '../alarms/warning-note.tsx';
import { closedAlarmsPageSize, useCameras, useClosedAlarms, useRole } from '../api/queries.ts';
import { snapshotAddress } from '../api/routes.ts';
import { alarmText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText, inCentreZone } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { usePopups } from '../popup/popup-context.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { AlarmExport } from './alarm-export.tsx';
import { AlarmHold } from './alarm-hold.tsx';

export function HistoryPage() {
  const texts = useTexts();
  const { dispatch } = usePopups();
  const [cameraId, setCameraId] = useState<string>();
  const [before, setBefore] = useState<string>();
  const [untilMs, setUntilMs] = useState<number>();
  const role = useRole();
  const orders = { export: may(role, 'recording.export'), hold: may(role, 'recording.hold') };
  const alarms = useClosedAlarms({ cameraId, before, beforeMs: untilMs });
  const listed = alarms.data ?? [];
  const oldest = listed.length < closedAlarmsPageSize ? undefined : listed.at(-1)?.alarmId;
  return (
    <section className="history">
      <header className="page-head">
        <h2>{texts.nav.history}</h2>
        <CameraChoice
          cameraId={cameraId}
          choose={(chosen) => {
            setCameraId(chosen);
            setBefore(undefined);
          }}
        />
        <DatePicker
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          placeholder={texts.alarms.until}
          onChange={(moment) => {
            setUntilMs(moment === null ? undefined : inCentreZone(moment.toDate()));
            setBefore(undefined);
          }}
          data-testid="history-until"
        />
        {before === undefined ? null : (
          <Button onClick={() => setBefore(undefined)}>{texts.alarms.newest}</Button>
        )}
        <Button disabled={oldest === undefined} onClick={() => setBefore(oldest)}>
          {texts.alarms.older}
        </Button>
      </header>
      {alarms.isError ? <RequestFailure error={alarms.error} retry={alarms.refetch} /> : null}
      <Table<AlarmView>
        rowKey="alarmId"
        size="small"
        loading={alarms.isPending}
        dataSource={listed}
        columns={columnsOf(texts, orders, (alarm) => dispatch({ kind: 'opened', alarm }))}
        pagination={false}
        locale={{ emptyText: texts.alarms.noHistory }}
      />
    </section>
  );
}

function CameraChoice({
  cameraId,
  choose,
}: Readonly<{ cameraId: string | undefined; choose: (cameraId: string | undefined) => void }>) {
  const texts = useTexts();
  const cameras = useCameras().data ?? [];
  return (
    <Select
      allowClear
      style={{ width: 220 }}
      placeholder={texts.alarms.allCameras}
      value={cameraId ?? null}
      onChange={(chosen: string | null | undefined) => choose(chosen ?? undefined)}
      options={cameras.map((one) => ({ value: one.cameraId, label: one.name }))}
    />
  );
}

function columnsOf(
  texts: Texts,
  orders: Readonly<{ export: boolean; hold: boolean }>,
  open: (alarm: AlarmView) => void,
): TableColumnsType<AlarmView> {
  const words = texts.alarms;
  return [
    {
      title: texts.popup.snapshot,
      width: 132,
      render: (_, alarm) =>
        alarm.hasSnapshot ? (
          <img
            className="history-snapshot"
            src={snapshotAddress(alarm.event.eventId)}
            alt=""
            loading="lazy"
          />
        ) : null,
    },
    {
      title: words.time,
      className: 'cell-words',
      render: (_, { event }) => `${dateText(event.capturedAtMs)} ${clockText(event.capturedAtMs)}`,
    },
    { title: words.camera, className: 'cell-word', dataIndex: 'cameraName' },
    {
      title: words.rule,
      render: (_, alarm) => (
        <span className="history-rule">
          <span>{alarmText(alarm, texts)}</span>
          {alarm.hasClip === true ? (
            <span className="late-mark">▶ {texts.popup.hasClip}</span>
          ) : null}
          {alarm.warning === undefined ? null : <WarningNote warning={alarm.warning} />}
          {alarm.late ? <span className="late-mark">{words.late}</span> : null}
          {alarm.hold === undefined ? null : (
            <span className="late-mark" title={texts.centre.held(alarm.hold.by, alarm.hold.reason)}>
              {words.held}
            </span>
          )}
          <ClockNote event={alarm.event} />
        </span>
      ),
    },
    {
      title: texts.rules.severity,
      className: 'cell-word',
      render: (_, alarm) => texts.severity[alarm.severity],
    },
    {
      title: words.reason,
      className: 'cell-word',
      render: (_, { closeReason }) =>
        closeReason === undefined ? null : texts.closeReason[closeReason],
    },
    { title: words.note, dataIndex: 'closeNote' },
    { title: words.closedBy, className: 'cell-word', dataIndex: 'closedBy' },
    {
      render: (_, alarm) => (
        <span className="table-actions">
          <Button type="link" size="small" onClick={() => open(alarm)}>
            {words.open}
          </Button>
          {orders.hold ? <AlarmHold alarm={alarm} /> : null}
          {orders.export ? <AlarmExport alarmId={alarm.alarmId} /> : null}
        </span>
      ),
    },
  ];
}
