/** The wall: a tile for every camera. Pictures are live on demand, because 111 open streams help nobody. */
import { Segmented } from 'antd';
import { useState } from 'react';
import { useCameras } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';
import { CameraTile } from './camera-tile.tsx';
import './wall.css';

/** Up to so many cameras are live without being asked, and no more than so many at all. */
const liveUnasked = 4;
const mostLive = 16;

export function WallPage() {
  const texts = useTexts();
  const cameras = useCameras();
  const [asked, setAsked] = useState<boolean>();
  const listed = cameras.data ?? [];
  const allLive = asked ?? listed.length <= liveUnasked;
  if (cameras.isError && cameras.data === undefined) {
    return <RequestFailure error={cameras.error} retry={cameras.refetch} />;
  }
  return (
    <section className="wall">
      <header className="page-head">
        <h2>{texts.wall.title}</h2>
        <Segmented
          value={allLive ? 'live' : 'demand'}
          onChange={(value) => setAsked(value === 'live')}
          options={[
            { value: 'demand', label: texts.wall.onDemand },
            { value: 'live', label: texts.wall.allLive },
          ]}
        />
      </header>
      {cameras.isSuccess && listed.length === 0 ? (
        <p className="quiet wall-empty">{texts.wall.none}</p>
      ) : null}
      <div className={wallLook(listed.length)}>
        {listed.map((camera, index) => (
          <CameraTile
            key={camera.cameraId}
            camera={camera}
            liveByDefault={allLive && index < mostLive}
          />
        ))}
      </div>
    </section>
  );
}

/** A small wall fills the screen; a large one scrolls. */
function wallLook(count: number): string {
  if (count > 9) return 'wall-tiles';
  return `wall-tiles wall-tiles-fill wall-tiles-${Math.max(1, Math.ceil(Math.sqrt(count)))}`;
}
