/** Where I am signed in: each of the others can be ended, or all of them at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Table, type TableColumnsType } from 'antd';
import type { OpenSessionView } from '../../contract/account-view.ts';
import { endOwnSession, readOwnSessions } from '../api/administration.ts';
import type { KeepingTexts } from '../i18n/keeping-zh.ts';
import { useTexts } from '../i18n/language.tsx';
import { fullMomentText } from '../i18n/time-text.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { programText } from './program-text.ts';

const queryKey = ['own-sessions'];

export function OwnSessions({ close }: Readonly<{ close: () => void }>) {
  const { keeping: words } = useTexts();
  const sessions = useQuery({ queryKey, queryFn: readOwnSessions, staleTime: 0 });
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: async (ended: readonly OpenSessionView[]) => {
      for (const { sessionId } of ended) await endOwnSession(sessionId);
    },
    onError: useFailureNotice(),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const listed = sessions.data ?? [];
  const others = listed.filter(({ own }) => !own);
  return (
    <Modal
      open
      width={860}
      title={words.mySessions}
      okText={others.length === 0 ? words.noOthers : words.endOthers}
      okButtonProps={{ disabled: others.length === 0, loading: ending.isPending, danger: true }}
      cancelText={words.close}
      onOk={() => ending.mutate(others)}
      onCancel={close}
    >
      {sessions.isError ? <RequestFailure error={sessions.error} retry={sessions.refetch} /> : null}
      <Table<OpenSessionView>
        rowKey="sessionId"
        size="small"
        loading={sessions.isPending}
        dataSource={[...listed]}
        columns={columnsOf(words, (one) => ending.mutate([one]))}
        pagination={false}
        data-testid="own-sessions"
      />
    </Modal>
  );
}

function columnsOf(
  words: KeepingTexts,
  end: (session: OpenSessionView) => void,
): TableColumnsType<OpenSessionView> {
  return [
    {
      title: words.signedIn,
      className: 'cell-word',
      render: (_, { createdAtMs }) => fullMomentText(createdAtMs),
    },
    {
      title: words.lastSeen,
      className: 'cell-word',
      render: (_, { seenAtMs }) => fullMomentText(seenAtMs),
    },
    { title: words.address, className: 'cell-word', dataIndex: 'address' },
    {
      title: words.program,
      render: (_, { program }) => <span title={program}>{programText(program)}</span>,
    },
    {
      className: 'cell-word',
      render: (_, session) =>
        session.own ? (
          <strong>{words.thisOne}</strong>
        ) : (
          <Button size="small" type="link" danger onClick={() => end(session)}>
            {words.endOne}
          </Button>
        ),
    },
  ];
}
