/** All cameras with their states, reasons and the rules they run. */
import { Table, type TableColumnsType } from 'antd';
import type { CameraView, EdgeView, SpeakerView } from '../../contract/console-api.ts';
import { useCameras, useEdges, useSpeakers } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import type { Texts } from '../i18n/zh.ts';
import { RequestFailure } from '../shell/request-failure.tsx';
import { addressOf } from '../shell/route.ts';
import { cameraCondition } from '../wall/camera-condition.ts';
import { NamedRulesStatus } from './named-rules-status.tsx';

export function CamerasPage() {
  const texts = useTexts();
  const cameras = useCameras();
  const edges = useEdges().data ?? [];
  const speakers = useSpeakers().data ?? [];
  if (cameras.isError && cameras.data === undefined) {
    return <RequestFailure error={cameras.error} retry={cameras.refetch} />;
  }
  return (
    <section>
      <header className="page-head">
        <h2>{texts.nav.cameras}</h2>
      </header>
      <Table<CameraView>
        rowKey="cameraId"
        size="small"
        loading={cameras.isPending}
        dataSource={cameras.data ?? []}
        columns={columnsOf(texts, edges, speakers)}
        pagination={{ pageSize: 30, hideOnSinglePage: true }}
        locale={{ emptyText: texts.wall.none }}
      />
    </section>
  );
}

function columnsOf(
  texts: Texts,
  edges: readonly EdgeView[],
  speakers: readonly SpeakerView[],
): TableColumnsType<CameraView> {
  const words = texts.cameras;
  return [
    {
      title: words.name,
      dataIndex: 'name',
      className: 'cell-word',
      render: (name: string) => <strong>{name}</strong>,
    },
    {
      title: words.place,
      render: (_, { grid, community, lane }) =>
        [grid, community, lane].filter((part) => part).join(' · '),
    },
    { title: words.edge, className: 'cell-word', dataIndex: 'edgeId' },
    {
      title: words.state,
      className: 'cell-words',
      render: (_, camera) => <StateAndReason camera={camera} edges={edges} texts={texts} />,
    },
    {
      title: words.rate,
      className: 'cell-word',
      render: (_, camera) => words.perSecond(camera.analysedPerSecond.toFixed(1)),
    },
    {
      title: words.speaker,
      render: (_, { speakerId }) =>
        speakers.find((one) => one.speakerId === speakerId)?.name ?? speakerId ?? words.none,
    },
    { title: words.rules, render: (_, camera) => <NamedRulesStatus camera={camera} /> },
    {
      className: 'cell-word',
      render: (_, { cameraId }) => (
        <a href={addressOf({ page: 'rules', cameraId })}>{words.open}</a>
      ),
    },
  ];
}

function StateAndReason({
  camera,
  edges,
  texts,
}: Readonly<{ camera: CameraView; edges: readonly EdgeView[]; texts: Texts }>) {
  const { state, reason } = cameraCondition(camera, edges, texts);
  return (
    <span className="camera-state">
      <span className={`state-dot state-dot-${state}`} /> {texts.cameraState[state]}
      {reason === undefined ? null : <small className="quiet"> {reason}</small>}
    </span>
  );
}
