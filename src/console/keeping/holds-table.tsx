/** Everything that is held as evidence: shown, and released with a reason. More is held from the pop-up or the history. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import type { CameraView } from '../../contract/console-api.ts';
import type { HoldView } from '../../contract/hold-view.ts';
import { readHolds, releaseEvent } from '../api/administration.ts';
import { errorText } from '../api/error-text.ts';
import { keys, useCameras } from '../api/queries.ts';
import { readAlarm } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { fullMomentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { usePopups } from '../popup/popup-context.tsx';
import { AskReason } from '../shell/ask-reason.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { addressOf } from '../shell/route.ts';

export function HoldsTable() {
  const texts = useTexts();
  const words = texts.keeping;
  const cameras = useCameras().data ?? [];
  const holds = useQuery({ queryKey: keys.holds, queryFn: readHolds, staleTime: 0 });
  const [released, release] = useState<HoldView>();
  const open = useOpening();
  return (
    <>
      <header className="page-head">
        <h2>
          {words.holds}
          <small className="quiet">{words.holdsHint}</small>
        </h2>
        <Button href={addressOf({ page: 'history' })}>{words.add}</Button>
      </header>
      {holds.isError ? <RequestFailure error={holds.error} retry={holds.refetch} /> : null}
      <Table<HoldView>
        rowKey="eventId"
        size="small"
        loading={holds.isPending}
        dataSource={[...(holds.data ?? [])]}
        columns={columnsOf(texts, cameras, { open, release })}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        locale={{ emptyText: words.noHolds }}
        data-testid="holds"
      />
      {released === undefined ? null : (
        <AskRelease hold={released} done={() => release(undefined)} />
      )}
    </>
  );
}

function AskRelease({ hold, done }: Readonly<{ hold: HoldView; done: () => void }>) {
  const texts = useTexts();
  const queries = useQueryClient();
  const releasing = useMutation({
    mutationFn: (reason: string) => releaseEvent(hold.eventId, reason),
    onSuccess: done,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keys.holds });
      void queries.invalidateQueries({ queryKey: keys.closedAlarms });
    },
  });
  return (
    <AskReason
      title={texts.centre.release}
      placeholder={texts.centre.holdReason}
      busy={releasing.isPending}
      fault={releasing.isError ? errorText(releasing.error, texts) : undefined}
      onGiven={releasing.mutate}
      onCancel={done}
    />
  );
}

/** Shows the alarm as the pop-up does. */
function useOpening(): (alarmId: string) => void {
  const { dispatch } = usePopups();
  const opening = useMutation({
    mutationFn: readAlarm,
    onError: useFailureNotice(),
    onSuccess: (alarm) => dispatch({ kind: 'opened', alarm }),
  });
  return opening.mutate;
}

function columnsOf(
  { keeping: words }: Texts,
  cameras: readonly CameraView[],
  { open, release }: Readonly<{ open: (id: string) => void; release: (hold: HoldView) => void }>,
): TableColumnsType<HoldView> {
  const names = new Map(cameras.map(({ cameraId, name }) => [cameraId, name]));
  return [
    {
      title: words.seen,
      className: 'cell-word',
      render: (_, { capturedAtMs }) =>
        capturedAtMs === undefined ? null : fullMomentText(capturedAtMs),
    },
    {
      title: words.camera,
      className: 'cell-word',
      render: (_, { cameraId }) => names.get(cameraId) ?? cameraId,
    },
    { title: words.reason, dataIndex: 'reason' },
    { title: words.by, className: 'cell-word', dataIndex: 'by' },
    {
      title: words.since,
      className: 'cell-word',
      render: (_, { atMs }) => fullMomentText(atMs),
    },
    {
      render: (_, hold) => {
        const { alarmId } = hold;
        return (
          <span className="table-actions">
            {alarmId === undefined ? null : (
              <Button type="link" size="small" onClick={() => open(alarmId)}>
                {words.open}
              </Button>
            )}
            <Button
              type="link"
              size="small"
              onClick={() => release(hold)}
              data-testid="release-hold"
            >
              {words.release}
            </Button>
          </span>
        );
      },
    },
  ];
}
