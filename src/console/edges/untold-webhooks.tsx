/** What other systems should have been told and did not take: for an administrator, who can send it again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { may } from '../../contract/access-rights.ts';
import type { GivenUpDelivery } from '../../contract/given-up-delivery.ts';
import { readUntold, retryUntold } from '../api/administration.ts';
import { useRole } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { momentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { useNowMs } from '../shell/clock.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';

const untoldKey = ['webhooks', 'given-up'] as const;
const askEveryMs = 60_000;

/** Nothing while everything was taken. */
export function UntoldWebhooks() {
  const texts = useTexts();
  const nowMs = useNowMs();
  const isAllowed = may(useRole(), 'system.change');
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const untold = useQuery({
    queryKey: untoldKey,
    queryFn: readUntold,
    enabled: isAllowed,
    refetchInterval: askEveryMs,
  });
  const retrying = useMutation({
    mutationFn: retryUntold,
    onError: notifyFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: untoldKey }),
  });
  const rows = untold.data ?? [];
  if (!isAllowed || rows.length === 0) return null;
  const words = texts.centre.untold;
  return (
    <>
      <header className="page-head">
        <h2>
          {words.title}
          <small className="quiet">{words.hint}</small>
        </h2>
      </header>
      <Table<GivenUpDelivery>
        rowKey="deliveryId"
        size="small"
        dataSource={[...rows]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        columns={columnsOf(words, nowMs, retrying.mutate)}
        data-testid="untold-webhooks"
      />
    </>
  );
}

function columnsOf(
  words: Texts['centre']['untold'],
  nowMs: number,
  retry: (deliveryId: string) => void,
): TableColumnsType<GivenUpDelivery> {
  return [
    { title: words.receiver, className: 'cell-word', dataIndex: 'webhookId' },
    {
      title: words.about,
      render: (_, { kind, subject }) => (
        <>
          {words.kinds[kind] ?? kind} <small className="quiet">{subject}</small>
        </>
      ),
    },
    { title: words.since, render: (_, { createdAtMs }) => momentText(createdAtMs, nowMs) },
    { title: words.givenUp, render: (_, { givenUpAtMs }) => momentText(givenUpAtMs, nowMs) },
    { title: words.attempts, align: 'right', dataIndex: 'attempts' },
    {
      render: (_, { deliveryId }) => (
        <Button size="small" type="link" onClick={() => retry(deliveryId)}>
          {words.retry}
        </Button>
      ),
    },
  ];
}
