/** What the street did not hear, newest first, with the reason. */

import { Table, type TableColumnsType } from 'antd';
import type { AnnouncementRecord, CameraView, SpeakerView } from '../../contract/console-api.ts';
import { useCameras, useFailedAnnouncements, useSpeakers } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { momentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { useNowMs } from '../shell/clock.tsx';

export function FailedAnnouncements() {
  const texts = useTexts();
  const nowMs = useNowMs();
  const failures = useFailedAnnouncements();
  const speakers = useSpeakers().data ?? [];
  const cameras = useCameras().data ?? [];
  return (
    <>
      <header className="page-head">
        <h3>{texts.speakers.failures}</h3>
      </header>
      <Table<AnnouncementRecord>
        rowKey="announcementId"
        size="small"
        loading={failures.isPending}
        dataSource={failures.data ?? []}
        columns={columnsOf(texts, speakers, cameras, nowMs)}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        locale={{ emptyText: texts.speakers.noFailures }}
      />
    </>
  );
}

function columnsOf(
  texts: Texts,
  speakers: readonly SpeakerView[],
  cameras: readonly CameraView[],
  nowMs: number,
): TableColumnsType<AnnouncementRecord> {
  const words = texts.speakers;
  return [
    { title: words.time, render: (_, { atMs }) => momentText(atMs, nowMs) },
    {
      title: words.speaker,
      render: (_, { speakerId }) =>
        speakers.find((one) => one.speakerId === speakerId)?.name ?? speakerId,
    },
    {
      title: words.camera,
      render: (_, { cameraId }) =>
        cameras.find((one) => one.cameraId === cameraId)?.name ?? cameraId,
    },
    { title: words.wording, dataIndex: 'wording' },
    { title: words.outcome, render: (_, { state }) => texts.announcement[state] },
    { title: words.reason, render: (_, { reason }) => reasonText(reason, texts) },
  ];
}
