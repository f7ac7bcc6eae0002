/** Always in sight: pages, counts, the feed, the sound, the clock, the language and who is on duty. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { keys, useCameras, useEdges, useOpenAlarms, useRole } from '../api/queries.ts';
import { signOut } from '../api/routes.ts';
import { useLanguage, useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import { OwnPassword } from '../users/own-password.tsx';
import { useNowMs } from './clock.tsx';
import { useFailureNotice } from './failure-notice.tsx';
import { pagesOf } from './pages.ts';
import { addressOf, type Route } from './route.ts';
import { useSound } from './sound.tsx';
import type { DutyFeed } from './use-duty-feed.ts';

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
      >
        {texts.feed[feed.state]}
      </span>
      <SoundButton />
      <WallClock />
      <Button type="text" onClick={switchLanguage} data-testid="switch-language">
        {texts.language}
      </Button>
      <Account username={username} />
      <SignOut username={username} />
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
      {name}
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
    </time>
  );
}

function Account({ username }: Readonly<{ username: string }>) {
  const { administration } = useTexts();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <Button type="text" onClick={() => setChanging(true)} title={administration.account.title}>
        {username}
      </Button>
      {isChanging ? <OwnPassword close={() => setChanging(false)} /> : null}
    </>
  );
}

function SignOut({ username }: Readonly<{ username: string }>) {
  const { signIn } = useTexts();
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const leaving = useMutation({
    mutationFn: signOut,
    onError: notifyFailure,
    // Whatever the answer: ask who is signed in, and forget what the one before could see.
    onSuccess: () => queries.resetQueries({ queryKey: keys.session }),
  });
  return (
    <Button type="text" onClick={() => leaving.mutate()} title={username}>
      {signIn.signOut}
    </Button>
  );
}
