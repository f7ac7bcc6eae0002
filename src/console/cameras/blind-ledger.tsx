/** For how long a camera's rules could not have fired in the last seven days: by day, rule and reason, newest day first. */
import { useQuery } from '@tanstack/react-query';
import { Modal, Table, type TableColumnsType } from 'antd';
import type { BlindEntry } from '../../contract/blind-time.ts';
import { allRules } from '../../contract/rule.ts';
import { centreNowMs } from '../api/centre-clock.ts';
import { keys, useRules } from '../api/queries.ts';
import { readBlindTime } from '../api/routes.ts';
import { spanText } from '../drawing/blind-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { dateText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { RequestFailure } from '../shell/request-failure.tsx';

const dayMs = 24 * 3_600_000;
const days = 7;

export function BlindLedger({
  cameraId,
  cameraName,
  close,
}: Readonly<{ cameraId: string; cameraName: string; close: () => void }>) {
  const texts = useTexts();
  const words = texts.rules.blind;
  const rules = useRules(cameraId);
  const since = dateText(centreNowMs() - (days - 1) * dayMs);
  const entries = useQuery({
    queryKey: [...keys.blindTime(cameraId), since],
    queryFn: () => readBlindTime(cameraId, since),
    staleTime: 0,
  });
  const names = new Map(
    allRules(rules.data?.rules ?? { schemaVersion: 1 }).map(({ ruleId, name }) => [ruleId, name]),
  );
  return (
    <Modal open width={720} title={words.ledger(cameraName, days)} footer={null} onCancel={close}>
      {entries.isError ? <RequestFailure error={entries.error} retry={entries.refetch} /> : null}
      <Table<BlindEntry>
        rowKey={({ day, ruleId, reason }) => `${day} ${ruleId ?? ''} ${reason}`}
        size="small"
        loading={entries.isPending}
        dataSource={[...(entries.data ?? [])].filter(({ seconds }) => seconds > 0).sort(byDay)}
        columns={columnsOf(texts, names)}
        pagination={{ pageSize: 12, hideOnSinglePage: true, showSizeChanger: false }}
        locale={{ emptyText: words.never }}
        data-testid="blind-ledger"
      />
    </Modal>
  );
}

function byDay(a: BlindEntry, b: BlindEntry): number {
  return b.day.localeCompare(a.day) || b.seconds - a.seconds;
}

function columnsOf(
  { rules: { blind: words } }: Texts,
  names: ReadonlyMap<string, string | undefined>,
): TableColumnsType<BlindEntry> {
  return [
    { title: words.day, className: 'cell-word', dataIndex: 'day' },
    {
      title: words.what,
      render: (_, { ruleId }) =>
        ruleId === undefined ? words.wholeCamera : (names.get(ruleId) ?? ruleId),
    },
    { title: words.why, render: (_, { reason }) => words.reason[reason] },
    {
      title: words.howLong,
      className: 'cell-word',
      align: 'right',
      render: (_, { seconds }) => spanText(seconds, words),
    },
  ];
}
