/** Where a user is signed in; all of it can be ended. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Modal, Table } from 'antd';
import type { OpenSessionView, UserView } from '../../contract/account-view.ts';
import { endSessions, readSessions } from '../api/administration.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';

export function UserSessions({ user, close }: Readonly<{ user: UserView; close: () => void }>) {
  const words = useTexts().administration.users;
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const queryKey = ['sessions', user.userId];
  const sessions = useQuery({ queryKey, queryFn: () => readSessions(user.userId), staleTime: 0 });
  const ending = useMutation({
    mutationFn: () => endSessions(user.userId),
    onError: notifyFailure,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const moment = (atMs: number): string => `${dateText(atMs)} ${clockText(atMs)}`;
  return (
    <Modal
      open
      width={680}
      title={`${words.sessions}: ${user.username}`}
      okText={words.endSessions}
      cancelText={words.close}
      onOk={() => ending.mutate()}
      onCancel={close}
    >
      <Table<OpenSessionView>
        rowKey="sessionId"
        size="small"
        loading={sessions.isPending}
        dataSource={[...(sessions.data ?? [])]}
        pagination={false}
        locale={{ emptyText: words.noSessions }}
        columns={[
          { title: words.since, render: (_, { createdAtMs }) => moment(createdAtMs) },
          { title: words.seen, render: (_, { seenAtMs }) => moment(seenAtMs) },
          { title: words.address, dataIndex: 'address' },
        ]}
      />
    </Modal>
  );
}
