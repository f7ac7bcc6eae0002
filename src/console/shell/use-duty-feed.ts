/**
 * Runs the live feed while somebody is signed in: its messages change the cached data and call the pop-up.
 * After every (re)connection everything is read again, and alarms that were raised meanwhile call too.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type Dispatch, useEffect, useState } from 'react';
import type { FeedMessage } from '../../contract/console-api.ts';
import { centreNowMs } from '../api/centre-clock.ts';
import { createFeed, type FeedState } from '../api/feed.ts';
import {
  keys,
  putAlarm,
  putCamera,
  putEdge,
  putSpeaker,
  useOpenAlarms,
  useSession,
} from '../api/queries.ts';
import { usePopups } from '../popup/popup-context.tsx';
import type { PopupAction } from '../popup/popup-queue.ts';

export type DutyFeed = Readonly<{ state: FeedState; lostSinceMs?: number }>;

export function useDutyFeed(): DutyFeed {
  const queries = useQueryClient();
  const { dispatch } = usePopups();
  const [feed, setFeed] = useState<DutyFeed>({ state: 'connecting' });
  const openAlarms = useOpenAlarms().data;
  const sessionLost = useSession().isError;
  const [onDutySinceMs] = useState(centreNowMs);

  useEffect(() => {
    const running = createFeed({
      onMessage: (message) => take(message, queries, dispatch),
      onState: (state) => setFeed((before) => follow(before, state, centreNowMs())),
      onOpen: () => {
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'rules' });
      },
    });
    running.start();
    return running.stop;
  }, [queries, dispatch]);

  useEffect(() => {
    if (openAlarms !== undefined) {
      const nowMs = centreNowMs();
      dispatch({ kind: 'recovered', alarms: openAlarms, nowMs, onDutySinceMs });
    }
  }, [openAlarms, dispatch, onDutySinceMs]);

  // A feed whose connection has died silently still looks open: the session that cannot be asked tells the truth.
  const [sessionLostSinceMs, setSessionLostSinceMs] = useState<number>();
  useEffect(() => setSessionLostSinceMs(sessionLost ? centreNowMs() : undefined), [sessionLost]);
  return sessionLostSinceMs === undefined
    ? feed
    : { state: 'lost', lostSinceMs: feed.lostSinceMs ?? sessionLostSinceMs };
}

function follow(before: DutyFeed, state: FeedState, nowMs: number): DutyFeed {
  if (state !== 'lost') return { state };
  return { state, lostSinceMs: before.lostSinceMs ?? nowMs };
}

function take(message: FeedMessage, queries: QueryClient, dispatch: Dispatch<PopupAction>): void {
  switch (message.kind) {
    case 'alarm-raised':
      // The pop-up first: the list can wait for the picture.
      dispatch({ kind: 'raised', alarm: message.alarm, feedAtMs: message.atMs });
      putAlarm(queries, message.alarm);
      return;
    case 'alarm-changed':
      dispatch({ kind: 'changed', alarm: message.alarm });
      putAlarm(queries, message.alarm);
      return;
    case 'camera-changed':
      putCamera(queries, message.camera);
      return;
    case 'edge-changed':
      putEdge(queries, message.edge);
      void queries.invalidateQueries({ queryKey: keys.cameras });
      return;
    case 'speaker-changed':
      putSpeaker(queries, message.speaker);
      return;
    default:
      message satisfies never;
  }
}
