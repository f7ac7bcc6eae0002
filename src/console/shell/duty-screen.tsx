/** The screen of the duty room: top bar, alarms on the left, the chosen page on the right, and the pop-up over all of it. */
import { Spin } from 'antd';
import { lazy, Suspense } from 'react';
import { may } from '../../contract/access-rights.ts';
import { AlarmList } from '../alarms/alarm-list.tsx';
import { useRole } from '../api/queries.ts';
import { CamerasPage } from '../cameras/cameras-page.tsx';
import { EdgesPage } from '../edges/edges-page.tsx';
import { HistoryPage } from '../history/history-page.tsx';
import { KeepingPage } from '../keeping/keeping-page.tsx';
import { MapPage } from '../map/map-page.tsx';
import { AlarmPopup } from '../popup/alarm-popup.tsx';
import { AlarmsBeside } from '../popup/alarms-beside.tsx';
import { RegisterPage } from '../register/register-page.tsx';
import { SpeakersPage } from '../speakers/speakers-page.tsx';
import { UsersPage } from '../users/users-page.tsx';
import { VoicePage } from '../voice/voice-page.tsx';
import { WallPage } from '../wall/wall-page.tsx';
import { CentreDamage } from './centre-damage.tsx';
import { CertificateEnd } from './certificate-end.tsx';
import { ClockJump } from './clock-jump.tsx';
import { FeedLost } from './feed-lost.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { routeFor } from './pages.ts';
import type { Route } from './route.ts';
import { TopBar } from './top-bar.tsx';
import { useDutyFeed } from './use-duty-feed.ts';
import { useQueryFailures } from './use-query-failures.ts';
import { useRoute } from './use-route.ts';

// The drawing page brings a canvas library with it that the night shift seldom needs.
const RulesPage = lazy(async () => {
  const { RulesPage: page } = await import('../drawing/rules-page.tsx');
  return { default: page };
});

export function DutyScreen({ username }: Readonly<{ username: string }>) {
  const role = useRole();
  const route = routeFor(role, useRoute());
  const feed = useDutyFeed();
  useQueryFailures();
  const wide = route.page === 'rules';
  return (
    <div className="duty-screen">
      <TopBar username={username} feed={feed} route={route} />
      <FeedLost feed={feed} />
      <CentreDamage />
      <ClockJump />
      <CertificateEnd />
      <div className={wide ? 'duty-body duty-body-wide' : 'duty-body'}>
        {wide || !may(role, 'alarm.read') ? null : <AlarmList />}
        <main className="duty-page">
          <PageBoundary key={route.page}>
            <Suspense fallback={<Spin fullscreen />}>
              <Page route={route} />
            </Suspense>
          </PageBoundary>
        </main>
        {wide ? <AlarmsBeside /> : null}
        <AlarmPopup />
      </div>
    </div>
  );
}

function Page({ route }: Readonly<{ route: Route }>) {
  switch (route.page) {
    case 'wall':
      return <WallPage />;
    case 'map':
      return <MapPage />;
    case 'cameras':
      return <CamerasPage />;
    case 'history':
      return <HistoryPage />;
    case 'voice':
      return <VoicePage />;
    case 'speakers':
      return <SpeakersPage />;
    case 'users':
      return <UsersPage />;
    case 'edges':
      return <EdgesPage />;
    case 'register':
      return <RegisterPage />;
    case 'keeping':
      return <KeepingPage />;
    case 'rules':
      return <RulesPage key={route.cameraId} cameraId={route.cameraId} />;
    default:
      return route satisfies never;
  }
}
