/** The register of what was done and seen, for auditors: filtered, verified and exported. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Select, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { AuditAction, type AuditRow } from '../../contract/audit-view.ts';
import type { CameraView } from '../../contract/console-api.ts';
import {
  type RegisterQuery,
  readRegister,
  registerExportAddress,
  registerPageSize,
  verifyRegister,
} from '../api/administration.ts';
import { useCameras } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { AskReason } from '../shell/ask-reason.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { RowDetail } from './deletion-certificate.tsx';
import { objectText } from './register-text.ts';

const actions = AuditAction.anyOf.map((one) => one.const);

export function RegisterPage() {
  const texts = useTexts();
  const words = texts.administration.register;
  const [query, setQuery] = useState<RegisterQuery>({});
  const rows = useQuery({
    queryKey: ['register', query],
    queryFn: () => readRegister(query),
    staleTime: 0,
  });
  const cameras = useCameras().data ?? [];
  const listed = rows.data ?? [];
  const oldest = listed.length < registerPageSize ? undefined : listed.at(-1)?.number;
  return (
    <section>
      <header className="page-head">
        <h2>{texts.nav.register}</h2>
        <Filters query={query} choose={setQuery} />
        <Button
          disabled={query.beforeNumber === undefined}
          onClick={() => setQuery({ ...query, beforeNumber: undefined })}
        >
          {words.newest}
        </Button>
        <Button
          disabled={oldest === undefined}
          onClick={() => setQuery({ ...query, beforeNumber: oldest })}
        >
          {words.older}
        </Button>
        <Verification />
        <Export query={query} />
      </header>
      {rows.isError ? <RequestFailure error={rows.error} retry={rows.refetch} /> : null}
      <Table<AuditRow>
        rowKey="number"
        size="small"
        loading={rows.isPending}
        dataSource={listed}
        columns={columnsOf(texts, cameras)}
        pagination={false}
        data-testid="register"
      />
    </section>
  );
}

function Filters({
  query,
  choose,
}: Readonly<{ query: RegisterQuery; choose: (query: RegisterQuery) => void }>) {
  const words = useTexts().administration.register;
  const change = (part: RegisterQuery): void =>
    choose({ ...query, beforeNumber: undefined, ...part });
  return (
    <>
      <Input.Search
        allowClear
        style={{ width: 160 }}
        placeholder={words.actor}
        onSearch={(actor) => change({ actor: actor.trim() === '' ? undefined : actor.trim() })}
      />
      <Select<AuditAction>
        allowClear
        style={{ width: 170 }}
        placeholder={words.action}
        onChange={(action: AuditAction | undefined) => change({ action })}
        options={actions.map((value) => ({ value, label: words.actions[value] ?? value }))}
      />
      <Select<'done' | 'refused'>
        allowClear
        style={{ width: 110 }}
        placeholder={words.outcome}
        onChange={(outcome: 'done' | 'refused' | undefined) => change({ outcome })}
        options={(['done', 'refused'] as const).map((value) => ({ value, label: words[value] }))}
      />
    </>
  );
}

function Verification() {
  const words = useTexts().administration.register;
  const notifyFailure = useFailureNotice();
  const verifying = useMutation({ mutationFn: verifyRegister, onError: notifyFailure });
  const found = verifying.data;
  return (
    <>
      <Button
        loading={verifying.isPending}
        onClick={() => verifying.mutate()}
        data-testid="verify-register"
      >
        {words.verify}
      </Button>
      {found === undefined ? null : (
        <Alert
          type={found.ok ? 'success' : 'error'}
          title={
            found.broken === undefined
              ? words.intact(found.rows)
              : words.broken(found.broken.number)
          }
        />
      )}
    </>
  );
}

function Export({ query }: Readonly<{ query: RegisterQuery }>) {
  const { register: words } = useTexts().administration;
  const [isAsking, setAsking] = useState(false);
  const done = (): void => setAsking(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{words.export}</Button>
      {isAsking ? (
        <AskReason
          title={words.export}
          placeholder={words.reason}
          mostLength={200}
          onGiven={(reason) => {
            window.location.assign(registerExportAddress(query, reason));
            done();
          }}
          onCancel={done}
        />
      ) : null}
    </>
  );
}

function columnsOf(texts: Texts, cameras: readonly CameraView[]): TableColumnsType<AuditRow> {
  const words = texts.administration.register;
  const names = new Map(cameras.map(({ cameraId, name }) => [cameraId, name]));
  return [
    { title: words.number, dataIndex: 'number', width: 80 },
    {
      title: words.time,
      width: 190,
      className: 'cell-word',
      render: (_, { atMs }) => `${dateText(atMs)} ${clockText(atMs)}`,
    },
    { title: words.actor, className: 'cell-word', dataIndex: 'actor' },
    { title: words.address, className: 'cell-word', dataIndex: 'address' },
    {
      title: words.action,
      className: 'cell-word',
      render: (_, { action }) => words.actions[action] ?? action,
    },
    { title: words.outcome, className: 'cell-word', render: (_, { outcome }) => words[outcome] },
    {
      title: words.object,
      render: (_, row) => <span title={row.object}>{objectText(row, names, texts)}</span>,
    },
    { title: words.detail, render: (_, row) => <RowDetail row={row} /> },
  ];
}
