/** Edge boxes, for who sets them up: a one-time code to come in, and the right taken away. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Popconfirm, Space, Table, Typography } from 'antd';
import { useState } from 'react';
import type { EdgeCredentialView } from '../../contract/enrolment.ts';
import { makeEdgeCode, readEdgeCredentials, revokeEdge } from '../api/administration.ts';
import { useEdges } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';

const credentialsKey = ['edge-credentials'] as const;
type Row = Readonly<{ edgeId: string; credential?: EdgeCredentialView }>;

export function EdgesPage() {
  const { nav, administration } = useTexts();
  const words = administration.edges;
  const edges = useEdges().data ?? [];
  const credentials = useQuery({ queryKey: credentialsKey, queryFn: readEdgeCredentials });
  const notifyFailure = useFailureNotice();
  const making = useMutation({ mutationFn: makeEdgeCode, onError: notifyFailure });
  const revoke = useRevoking();
  return (
    <section>
      <header className="page-head">
        <h2>{nav.edges}</h2>
        <NewEdge make={(edgeId) => making.mutate(edgeId)} />
      </header>
      {credentials.isError ? (
        <RequestFailure error={credentials.error} retry={credentials.refetch} />
      ) : null}
      <Table<Row>
        rowKey="edgeId"
        size="small"
        loading={credentials.isPending}
        dataSource={rowsOf(
          edges.map(({ edgeId }) => edgeId),
          credentials.data ?? [],
        )}
        pagination={false}
        columns={[
          { title: words.edge, dataIndex: 'edgeId' },
          {
            title: words.enrolled,
            render: (_, { credential }) => {
              if (credential === undefined) return words.none;
              if (credential.revoked) return words.revoked;
              const { createdAtMs } = credential;
              return `${dateText(createdAtMs)} ${clockText(createdAtMs)}`;
            },
          },
          {
            render: (_, { edgeId, credential }) => (
              <Space>
                <Button size="small" type="link" onClick={() => making.mutate(edgeId)}>
                  {words.code}
                </Button>
                {credential?.revoked === false ? (
                  <Popconfirm title={words.revokeAsk} onConfirm={() => revoke(edgeId)}>
                    <Button size="small" type="link" danger>
                      {words.revoke}
                    </Button>
                  </Popconfirm>
                ) : null}
              </Space>
            ),
          },
        ]}
      />
      {making.data === undefined ? null : (
        <CodeNotice code={making.data.code} close={making.reset} />
      )}
    </section>
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
        style={{ width: 360 }}
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
  reported: readonly string[],
  credentials: readonly EdgeCredentialView[],
): readonly Row[] {
  const known = new Map(credentials.map((credential) => [credential.edgeId, credential]));
  const ids = [...new Set([...reported, ...known.keys()])].sort();
  return ids.map((edgeId) => {
    const credential = known.get(edgeId);
    return { edgeId, ...(credential === undefined ? {} : { credential }) };
  });
}
