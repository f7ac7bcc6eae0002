/** Always in sight: pages, counts, the feed, the sound, the clock, the language and who is on duty. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { keys, useCameras, useEdges, useOpenAlarms, useRole } from '../api/queries.ts';
import { signOut } from '../api/routes.ts';
import { useLanguage, useTexts } from '../i18n/language.tsx';
import { clockText, dateText, zoneText } from '../i18n/time-text.ts';
import { OwnPassword } from '../users/own-password.tsx';
import { OwnSessions } from '../users/own-sessions.tsx';
import { useNowMs } from './clock.tsx';
import { useFailureNotice } from './failure-notice.tsx';
import { pagesOf } from './pages.ts';
import { addressOf, type Route } from './route.ts';
import { useSound } from './sound.tsx';
import type { DutyFeed } from './use-duty-feed.ts';
import './top-bar.css';

export function TopBar({
  username,
  feed,
  route,
}: Readonly<{ username: string; feed: DutyFeed; route: Route }>) {
  const { texts, switchLanguage } = useLanguage();
  return (
    <header className="top-bar">
      <span className="brand">
        <img src="./icon.svg" alt="" />
        {texts.product}
      </span>
      <Pages route={route} />
      <Counts />
      <span
        className={`feed-state feed-state-${feed.state}`}
        data-testid="feed-state"
        data-state={feed.state}
        title={texts.feed[feed.state]}
      >
        {texts.feed[feed.state]}
      </span>
      <SoundButton />
      <WallClock />
      <Button type="text" onClick={switchLanguage} data-testid="switch-language">
        {texts.language}
      </Button>
      <Account username={username} />
    </header>
  );
}

function Pages({ route }: Readonly<{ route: Route }>) {
  const texts = useTexts();
  const current = route.page === 'rules' ? 'cameras' : route.page;
  return (
    <nav>
      {pagesOf(useRole()).map((page) => (
        <a
          key={page}
          href={addressOf({ page })}
          aria-current={page === current ? 'page' : undefined}
        >
          {texts.nav[page]}
        </a>
      ))}
    </nav>
  );
}

function Counts() {
  const { counts } = useTexts();
  const alarms = useOpenAlarms().data ?? [];
  const cameras = useCameras().data ?? [];
  const edges = useEdges().data ?? [];
  const raised = alarms.filter((one) => one.state === 'raised').length;
  const inHand = alarms.filter((one) => one.state === 'acknowledged').length;
  const live = cameras.filter((one) => one.state === 'live').length;
  const online = edges.filter((one) => one.online).length;
  return (
    <div className="counts">
      <Count name={counts.raised} value={String(raised)} look={raised > 0 ? 'calls' : 'plain'} />
      <Count name={counts.acknowledged} value={String(inHand)} look="plain" />
      <Count
        name={counts.camerasLive}
        value={`${live}/${cameras.length}`}
        look={live < cameras.length ? 'short' : 'plain'}
      />
      <Count
        name={counts.edgesOnline}
        value={`${online}/${edges.length}`}
        look={online < edges.length ? 'short' : 'plain'}
      />
    </div>
  );
}

function Count({
  name,
  value,
  look,
}: Readonly<{ name: string; value: string; look: 'plain' | 'calls' | 'short' }>) {
  return (
    <span className={`count count-${look}`}>
      <span>{name}</span>
      <b>{value}</b>
    </span>
  );
}

function SoundButton() {
  const { sound } = useTexts();
  const { unlocked, muted, toggleMute, siren } = useSound();
  if (!unlocked) {
    return (
      <Button danger type="primary" onClick={() => void siren.unlock().catch(() => false)}>
        {sound.locked}
      </Button>
    );
  }
  return muted ? (
    <Button danger onClick={toggleMute}>
      {sound.muted} · {sound.unmute}
    </Button>
  ) : (
    <Button type="text" onClick={toggleMute}>
      {sound.mute}
    </Button>
  );
}

function WallClock() {
  const nowMs = useNowMs();
  return (
    <time className="clock">
      <small>{dateText(nowMs)}</small>
      {clockText(nowMs)}
      <span className="clock-zone">{zoneText(nowMs)}</span>
    </time>
  );
}

/** Who is on duty; what is seldom wanted is folded away behind the name. */
function Account({ username }: Readonly<{ username: string }>) {
  const { administration, keeping, signIn } = useTexts();
  const [shown, setShown] = useState<'password' | 'sessions'>();
  const close = (): void => setShown(undefined);
  const leave = useSigningOut();
  return (
    <>
      <Dropdown
        trigger={['click']}
        placement="bottomRight"
        menu={{
          items: [
            {
              key: 'password',
              label: administration.account.title,
              onClick: () => setShown('password'),
            },
            { key: 'sessions', label: keeping.mySessions, onClick: () => setShown('sessions') },
            { key: 'sign-out', label: signIn.signOut, onClick: leave },
          ],
        }}
      >
        <Button type="text" className="account" title={username} data-testid="account">
          <span>{username}</span>▾
        </Button>
      </Dropdown>
      {shown === 'password' ? <OwnPassword close={close} /> : null}
      {shown === 'sessions' ? <OwnSessions close={close} /> : null}
    </>
  );
}

function useSigningOut(): () => void {
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const leaving = useMutation({
    mutationFn: signOut,
    onError: notifyFailure,
    // Whatever the answer: ask who is signed in, and forget what the one before could see.
    onSuccess: () => queries.resetQueries({ queryKey: keys.session }),
  });
  return () => leaving.mutate();
}
