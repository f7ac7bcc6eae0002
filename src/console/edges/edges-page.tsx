/** Edge boxes, for who sets them up: a one-time code to come in, and the right taken away. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Button,
  Input,
  Modal,
  Popconfirm,
  Space,
  Table,
  type TableColumnsType,
  Typography,
} from 'antd';
import { useState } from 'react';
import type { CameraView, EdgeView } from '../../contract/console-api.ts';
import type { EdgeCredentialView } from '../../contract/enrolment.ts';
import { makeEdgeCode, readEdgeCredentials, revokeEdge } from '../api/administration.ts';
import { useCameras, useEdges } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { certificateText } from '../shell/certificate-end.tsx';
import { useNowMs } from '../shell/clock.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { UntoldWebhooks } from './untold-webhooks.tsx';

const credentialsKey = ['edge-credentials'] as const;
type Row = Readonly<{
  edgeId: string;
  /** As it reported itself; absent for one that never did. */
  edge?: EdgeView;
  cameras: readonly string[];
  credential?: EdgeCredentialView;
}>;

export function EdgesPage() {
  const texts = useTexts();
  const edges = useEdges();
  const cameras = useCameras().data ?? [];
  const credentials = useQuery({ queryKey: credentialsKey, queryFn: readEdgeCredentials });
  const notifyFailure = useFailureNotice();
  const making = useMutation({ mutationFn: makeEdgeCode, onError: notifyFailure });
  const revoke = useRevoking();
  const nowMs = useNowMs();
  return (
    <section>
      <header className="page-head">
        <h2>{texts.nav.edges}</h2>
        <NewEdge make={(edgeId) => making.mutate(edgeId)} />
      </header>
      {credentials.isError ? (
        <RequestFailure error={credentials.error} retry={credentials.refetch} />
      ) : null}
      <Table<Row>
        rowKey="edgeId"
        size="small"
        loading={credentials.isPending || edges.isPending}
        dataSource={rowsOf(edges.data ?? [], cameras, credentials.data ?? [])}
        pagination={false}
        locale={{ emptyText: texts.administration.edges.noEdges }}
        columns={columnsOf(texts, nowMs, { make: making.mutate, revoke })}
        data-testid="edges"
      />
      <UntoldWebhooks />
      {making.data === undefined ? null : (
        <CodeNotice code={making.data.code} close={making.reset} />
      )}
    </section>
  );
}

function columnsOf(
  texts: Texts,
  nowMs: number,
  orders: Readonly<{ make: (edgeId: string) => void; revoke: (edgeId: string) => void }>,
): TableColumnsType<Row> {
  const words = texts.administration.edges;
  return [
    { title: words.edge, className: 'cell-word', dataIndex: 'edgeId' },
    {
      title: words.state,
      render: (_, { edge }) => <EdgeState edge={edge} texts={texts} nowMs={nowMs} />,
    },
    {
      title: words.cameras,
      render: (_, { cameras }) => (cameras.length === 0 ? '–' : texts.listed(cameras)),
    },
    {
      title: words.waiting,
      align: 'right',
      render: (_, { edge }) => edge?.outboxRows ?? '–',
    },
    {
      title: words.enrolled,
      render: (_, { credential }) => {
        if (credential === undefined) return words.none;
        if (credential.revoked) return words.revoked;
        return momentText(credential.createdAtMs, nowMs);
      },
    },
    {
      render: (_, { edgeId, credential }) => (
        <span className="table-actions">
          <Button size="small" type="link" onClick={() => orders.make(edgeId)}>
            {words.code}
          </Button>
          {credential?.revoked === false ? (
            <Popconfirm title={words.revokeAsk} onConfirm={() => orders.revoke(edgeId)}>
              <Button size="small" type="link" danger>
                {words.revoke}
              </Button>
            </Popconfirm>
          ) : null}
        </span>
      ),
    },
  ];
}

function EdgeState({
  edge,
  texts,
  nowMs,
}: Readonly<{ edge: EdgeView | undefined; texts: Texts; nowMs: number }>) {
  const words = texts.administration.edges;
  if (edge === undefined) return <span className="quiet">{words.neverSeen}</span>;
  const certificate = certificateText(edge.certificateEndsAtMs, nowMs, texts);
  return (
    <span className="camera-state">
      <span className={`state-dot state-dot-${edge.online ? 'live' : 'offline'}`} />{' '}
      {words[edge.online ? 'online' : 'offline']}
      <small className="quiet"> {words.since(momentText(edge.sinceMs, nowMs))}</small>
      {edge.storageFault === undefined ? null : (
        <small className="announcement-failed"> ⚠ {reasonText(edge.storageFault, texts)}</small>
      )}
      {certificate === undefined ? null : (
        <small className="announcement-failed"> ⚠ {certificate}</small>
      )}
    </span>
  );
}

function useRevoking(): (edgeId: string) => void {
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const revoking = useMutation({
    mutationFn: revokeEdge,
    onError: notifyFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: credentialsKey }),
  });
  return (edgeId) => revoking.mutate(edgeId);
}

function NewEdge({ make }: Readonly<{ make: (edgeId: string) => void }>) {
  const words = useTexts().administration.edges;
  const [edgeId, setEdgeId] = useState('');
  return (
    <Space.Compact>
      <Input
        style={{ width: 340 }}
        placeholder={words.newEdge}
        value={edgeId}
        maxLength={32}
        onChange={({ target }) => setEdgeId(target.value)}
        data-testid="new-edge"
      />
      <Button
        type="primary"
        disabled={!/^[a-z0-9-]{1,32}$/.test(edgeId)}
        onClick={() => make(edgeId)}
        data-testid="make-code"
      >
        {words.code}
      </Button>
    </Space.Compact>
  );
}

function CodeNotice({ code, close }: Readonly<{ code: string; close: () => void }>) {
  const words = useTexts().administration.edges;
  return (
    <Modal open width={640} title={code} footer={null} onCancel={close}>
      <p>{words.codeHint}</p>
      <Typography.Text copyable code data-testid="edge-code">
        {`npm run edge -- enrol --collector ${window.location.origin} --code ${code}`}
      </Typography.Text>
    </Modal>
  );
}

function rowsOf(
  reported: readonly EdgeView[],
  cameras: readonly CameraView[],
  credentials: readonly EdgeCredentialView[],
): readonly Row[] {
  const edges = new Map(reported.map((edge) => [edge.edgeId, edge]));
  const known = new Map(credentials.map((credential) => [credential.edgeId, credential]));
  const ids = [...new Set([...edges.keys(), ...known.keys()])].sort();
  return ids.map((edgeId) => {
    const edge = edges.get(edgeId);
    const credential = known.get(edgeId);
    return {
      edgeId,
      cameras: cameras.flatMap((one) => (one.edgeId === edgeId ? [one.name] : [])),
      ...(edge === undefined ? {} : { edge }),
      ...(credential === undefined ? {} : { credential }),
    };
  });
}
