/** What is measured of the lanes' voice: how each speaker is, when it last proved itself, and what became of what was to be said. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { FeedMessage, SpeakerView } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';

type Sources = Readonly<{
  store: Pick<Store, 'onFeed'>;
  speakers: () => readonly SpeakerView[];
}>;

/** Answers with the end of the listening to the feed. */
export function addSpeakerFigures(registry: Registry, { store, speakers }: Sources): () => void {
  addGaugesOfAll(registry, speakers);
  addGaugesOfEach(registry, speakers);
  return countOutcomes(registry, store);
}

function addGaugesOfAll(registry: Registry, speakers: Sources['speakers']): void {
  const states: Gauge = new Gauge({
    name: 'haoguanjia_speakers',
    help: 'Speakers by state',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      states.reset();
      for (const { state } of speakers()) states.inc({ state });
    },
  });
  const overdue: Gauge = new Gauge({
    name: 'haoguanjia_speakers_overdue',
    help: 'Speakers that have not proven themselves for a day',
    registers: [registry],
    collect: () => overdue.set(speakers().filter(({ isOverdue }) => isOverdue).length),
  });
  const waiting: Gauge = new Gauge({
    name: 'haoguanjia_announcements_waiting',
    help: 'Announcements that wait for their speaker',
    registers: [registry],
    collect: () => waiting.set(speakers().reduce((sum, one) => sum + one.waiting, 0)),
  });
}

function addGaugesOfEach(registry: Registry, speakers: Sources['speakers']): void {
  const state: Gauge = new Gauge({
    name: 'haoguanjia_speaker_state',
    help: '1 for the state that the speaker is in',
    labelNames: ['speaker', 'state'],
    registers: [registry],
    collect: () => {
      state.reset();
      for (const one of speakers()) state.set({ speaker: one.speakerId, state: one.state }, 1);
    },
  });
  const proven: Gauge = new Gauge({
    name: 'haoguanjia_speaker_proven_time_seconds',
    help: 'When the speaker last proved itself, in seconds since 1970; none for one that never did',
    labelNames: ['speaker'],
    registers: [registry],
    collect: () => {
      proven.reset();
      for (const { speakerId, provenAtMs } of speakers())
        if (provenAtMs !== undefined) proven.set({ speaker: speakerId }, provenAtMs / 1000);
    },
  });
  const overdue: Gauge = new Gauge({
    name: 'haoguanjia_speaker_overdue',
    help: '1 for a speaker that has not proven itself for a day',
    labelNames: ['speaker'],
    registers: [registry],
    collect: () => {
      overdue.reset();
      for (const { speakerId, isOverdue } of speakers())
        overdue.set({ speaker: speakerId }, isOverdue ? 1 : 0);
    },
  });
}

function countOutcomes(registry: Registry, store: Sources['store']): () => void {
  const announcements = new Counter({
    name: 'haoguanjia_announcements_total',
    help: 'Announcements by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const end = store.onFeed(({ message }) => {
    const outcome = newOutcome(message);
    if (outcome !== undefined) announcements.inc({ outcome });
  });
  return () => void end();
}

const underWay: ReadonlySet<string> = new Set(['queued', 'speaking']);

/** An alarm changes for other reasons too, then its announcement is older than the message; so it is after a restart. */
function newOutcome(message: FeedMessage): string | undefined {
  if (message.kind !== 'alarm-changed') return undefined;
  const { announcement } = message.alarm;
  const isNews = announcement?.atMs === message.atMs && !underWay.has(announcement.state);
  return isNews ? announcement.state : undefined;
}
