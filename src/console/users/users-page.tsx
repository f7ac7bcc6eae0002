/** Users, for administrators: made, changed, disabled; passwords are reset by a one-time token that is shown once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Popconfirm, Space, Table, type TableColumnsType, Typography } from 'antd';
import { useState } from 'react';
import type { OneTimeToken, UserView } from '../../contract/account-view.ts';
import {
  changeUser,
  createUser,
  readUsers,
  resetPassword,
  type UserDraft,
} from '../api/administration.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { UserForm } from './user-form.tsx';
import { UserSessions } from './user-sessions.tsx';

const usersKey = ['users'] as const;

type Shown =
  | Readonly<{ kind: 'new' }>
  | Readonly<{ kind: 'change' | 'sessions'; user: UserView }>
  | Readonly<{ kind: 'token'; username: string; token: OneTimeToken }>;

export function UsersPage() {
  const texts = useTexts();
  const users = useQuery({ queryKey: usersKey, queryFn: readUsers });
  const [shown, setShown] = useState<Shown>();
  const act = useActions(setShown);
  return (
    <section>
      <header className="page-head">
        <h2>{texts.nav.users}</h2>
        <Button type="primary" data-testid="add-user" onClick={() => setShown({ kind: 'new' })}>
          {texts.administration.users.add}
        </Button>
      </header>
      {users.isError ? <RequestFailure error={users.error} retry={users.refetch} /> : null}
      <Table<UserView>
        rowKey="userId"
        size="small"
        loading={users.isPending}
        dataSource={users.data ?? []}
        columns={columnsOf(texts, act, setShown)}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
      />
      <Dialog shown={shown} act={act} close={() => setShown(undefined)} />
    </section>
  );
}

type Order =
  | Readonly<{ kind: 'create'; draft: UserDraft }>
  | Readonly<{ kind: 'change'; userId: string; change: Parameters<typeof changeUser>[1] }>
  | Readonly<{ kind: 'reset'; user: UserView }>;
type Act = (order: Order) => void;

function useActions(show: (shown: Shown | undefined) => void): Act {
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const acting = useMutation({
    mutationFn: carryOut,
    onError: notifyFailure,
    onSuccess: (next) => show(next),
    onSettled: () => queries.invalidateQueries({ queryKey: usersKey }),
  });
  return (order) => acting.mutate(order);
}

/** Answers with what is to be shown then. */
async function carryOut(order: Order): Promise<Shown | undefined> {
  switch (order.kind) {
    case 'create': {
      const { user, token } = await createUser(order.draft);
      return { kind: 'token', username: user.username, token };
    }
    case 'change':
      await changeUser(order.userId, order.change);
      return undefined;
    case 'reset': {
      const token = await resetPassword(order.user.userId);
      return { kind: 'token', username: order.user.username, token };
    }
    default:
      return order satisfies never;
  }
}

function Dialog({
  shown,
  act,
  close,
}: Readonly<{ shown: Shown | undefined; act: Act; close: () => void }>) {
  if (shown === undefined) return null;
  switch (shown.kind) {
    case 'new':
      return (
        <UserForm user={undefined} save={(draft) => act({ kind: 'create', draft })} close={close} />
      );
    case 'change': {
      const { userId } = shown.user;
      return (
        <UserForm
          user={shown.user}
          save={({ role, scope }) => act({ kind: 'change', userId, change: { role, scope } })}
          close={close}
        />
      );
    }
    case 'sessions':
      return <UserSessions user={shown.user} close={close} />;
    case 'token':
      return <TokenNotice username={shown.username} token={shown.token} close={close} />;
    default:
      return shown satisfies never;
  }
}

function TokenNotice({
  username,
  token: { token, expiresAtMs },
  close,
}: Readonly<{ username: string; token: OneTimeToken; close: () => void }>) {
  const words = useTexts().administration.users;
  return (
    <Modal open title={words.token} footer={null} onCancel={close}>
      <p>{words.tokenHint(username)}</p>
      <Typography.Text copyable code data-testid="one-time-token">
        {token}
      </Typography.Text>
      <p className="quiet">{words.tokenUntil(momentText(expiresAtMs))}</p>
    </Modal>
  );
}

const disabling = ({ userId }: UserView, disabled: boolean): Order => ({
  ...{ kind: 'change', userId },
  change: { disabled },
});

const momentText = (atMs: number): string => `${dateText(atMs)} ${clockText(atMs)}`;

function columnsOf(
  texts: Texts,
  act: Act,
  show: (shown: Shown) => void,
): TableColumnsType<UserView> {
  const { administration } = texts;
  const words = administration.users;
  return [
    { title: words.username, dataIndex: 'username' },
    { title: words.role, render: (_, { role }) => administration.role[role] },
    {
      title: words.scope,
      render: (_, { scope }) =>
        scope.kind === 'all' ? words.wholeCentre : texts.listed([...scope.grids, ...scope.cameras]),
    },
    {
      title: words.state,
      render: (_, { disabled, hasPassword }) => {
        if (disabled) return words.disabled;
        return hasPassword ? words.active : words.noPassword;
      },
    },
    {
      render: (_, user) => (
        <Space size="small">
          <Button type="link" size="small" onClick={() => show({ kind: 'change', user })}>
            {words.change}
          </Button>
          <Popconfirm title={words.resetAsk} onConfirm={() => act({ kind: 'reset', user })}>
            <Button type="link" size="small">
              {words.reset}
            </Button>
          </Popconfirm>
          <Popconfirm
            title={words.disableAsk}
            disabled={user.disabled}
            onConfirm={() => act(disabling(user, true))}
          >
            <Button
              type="link"
              size="small"
              {...(user.disabled ? { onClick: () => act(disabling(user, false)) } : {})}
            >
              {user.disabled ? words.enable : words.disable}
            </Button>
          </Popconfirm>
          <Button type="link" size="small" onClick={() => show({ kind: 'sessions', user })}>
            {words.sessions}
          </Button>
        </Space>
      ),
    },
  ];
}
