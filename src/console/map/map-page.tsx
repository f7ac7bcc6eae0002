/** The map: the lanes with their cameras and speakers as they are now; who is chosen is opened beside it. */
import { Segmented } from 'antd';
import { useState } from 'react';
import { useCameras, useMap, useSpeakers } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { MapSide } from './map-side.tsx';
import { type Chosen, MapStage } from './map-stage.tsx';
import './map.css';

const everywhere = '';

export function MapPage() {
  const words = useTexts().map;
  const map = useMap();
  const cameras = useCameras();
  const speakers = useSpeakers().data ?? [];
  const [grid, setGrid] = useState(everywhere);
  const [chosen, choose] = useState<Chosen>();
  const failed = [map, cameras].find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined) {
    return <RequestFailure error={failed.error} retry={failed.refetch} />;
  }
  if (map.data === undefined || cameras.data === undefined) return null;

  const grids = [...new Set(cameras.data.flatMap((one) => one.grid ?? []))].sort((a, b) =>
    a.localeCompare(b, 'zh-CN', { numeric: true }),
  );
  const shown = cameras.data.filter((one) => grid === everywhere || one.grid === grid);
  const beside = new Set(shown.map(({ speakerId }) => speakerId));
  const heard = speakers.filter(({ speakerId }) => grid === everywhere || beside.has(speakerId));
  return (
    <section className="map">
      <header className="page-head">
        <h2>{words.title}</h2>
        {grids.length > 1 ? (
          <Segmented
            value={grid}
            onChange={setGrid}
            options={[
              { value: everywhere, label: words.everywhere },
              ...grids.map((one) => ({ value: one, label: one })),
            ]}
          />
        ) : null}
      </header>
      <div className="map-body">
        <MapStage map={map.data} cameras={shown} speakers={heard} chosen={chosen} choose={choose} />
        <MapSide chosen={chosen} choose={choose} />
      </div>
    </section>
  );
}
