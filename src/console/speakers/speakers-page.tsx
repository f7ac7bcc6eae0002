/** The lanes' speakers: how each of them is, a tone to try it, silence; and below what was not said, and why. */

import { Table, type TableColumnsType, Tag } from 'antd';
import type { SpeakerView } from '../../contract/console-api.ts';
import { useSpeakers } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { useNowMs } from '../shell/clock.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { SpeakerTalkButton } from '../talk/talk-button.tsx';
import { FailedAnnouncements } from './failed-announcements.tsx';
import { SpeakerActions } from './speaker-actions.tsx';
import './speakers.css';

export function SpeakersPage() {
  const texts = useTexts();
  const speakers = useSpeakers();
  const nowMs = useNowMs();
  if (speakers.isError && speakers.data === undefined) {
    return <RequestFailure error={speakers.error} retry={speakers.refetch} />;
  }
  return (
    <section className="speakers">
      <header className="page-head">
        <h2>{texts.speakers.title}</h2>
      </header>
      <Table<SpeakerView>
        rowKey="speakerId"
        size="small"
        loading={speakers.isPending}
        dataSource={speakers.data ?? []}
        columns={columnsOf(texts, nowMs)}
        pagination={{ pageSize: 30, hideOnSinglePage: true }}
        locale={{ emptyText: texts.speakers.none }}
      />
      <FailedAnnouncements />
    </section>
  );
}

function columnsOf(texts: Texts, nowMs: number): TableColumnsType<SpeakerView> {
  const words = texts.speakers;
  const drivers: Readonly<Record<string, string>> = words.drivers;
  return [
    { title: words.name, dataIndex: 'name', render: (name: string) => <strong>{name}</strong> },
    {
      title: words.driver,
      render: (_, { driver }) => (
        <>
          {drivers[driver] ?? driver}
          {driver === 'rtp' || driver === 'sip' ? (
            <small className="quiet"> {words.ownVolume}</small>
          ) : null}
        </>
      ),
    },
    {
      title: words.state,
      render: (_, { state, reason }) => (
        <span data-testid="speaker-state" data-state={state}>
          <span className={`state-dot speaker-dot-${state}`} /> {words.states[state]}
          {reason === undefined ? null : (
            <small className="quiet"> {reasonText(reason, texts)}</small>
          )}
        </span>
      ),
    },
    {
      title: words.proven,
      render: (_, { provenAtMs, isOverdue }) => (
        <>
          {provenAtMs === undefined ? words.never : momentText(provenAtMs, nowMs)}{' '}
          {isOverdue ? <Tag color="warning">{words.overdue}</Tag> : null}
        </>
      ),
    },
    {
      title: words.doing,
      render: (_, { speaking, waiting }) =>
        words.speaking[speaking] + (waiting > 0 ? words.waiting(waiting) : ''),
    },
    { title: words.talk, render: (_, speaker) => <SpeakerTalkButton speaker={speaker} /> },
    { render: (_, speaker) => <SpeakerActions speaker={speaker} /> },
  ];
}
