/** The plan itself: grounds, streets, and on them a button for every camera and speaker. */
import { useState } from 'react';
import type { CameraView, SpeakerView } from '../../contract/console-api.ts';
import type { MapView } from '../../contract/map-view.ts';
import { mapPictureAddress } from '../api/routes.ts';
import { useElementSize } from '../drawing/use-element-size.ts';
import { useTexts } from '../i18n/language.tsx';
import { layOutMap, type MapLayout } from './map-layout.ts';
import { CameraMarker, SpeakerMarker } from './map-markers.tsx';

export type Chosen = Readonly<{ kind: 'camera' | 'speaker'; id: string }>;

/** More than so many names would lie on each other. */
const mostNames = 60;

type Props = Readonly<{
  map: MapView;
  cameras: readonly CameraView[];
  speakers: readonly SpeakerView[];
  chosen: Chosen | undefined;
  choose: (chosen: Chosen) => void;
}>;

export function MapStage({ map, cameras, speakers, chosen, choose }: Props) {
  const texts = useTexts();
  const [stage, size] = useElementSize();
  const [seen, setSeen] = useState<number>();
  const aspectRatio = map.aspectRatio ?? seen;
  const isReady = size.width > 0 && (!map.hasPicture || aspectRatio !== undefined);
  const mapped = { cameras, speakers, map, ...(aspectRatio === undefined ? {} : { aspectRatio }) };
  const layout = isReady ? layOutMap(mapped, size) : undefined;
  const isChosen = (kind: Chosen['kind'], id: string): boolean =>
    chosen?.kind === kind && chosen.id === id;
  return (
    <div className="map-stage" ref={stage} data-testid="map-stage">
      {map.hasPicture ? (
        <img
          className="map-picture"
          src={mapPictureAddress}
          alt={texts.map.picture}
          style={layout === undefined ? { visibility: 'hidden' } : areaStyle(layout.plan)}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSeen(naturalWidth / naturalHeight)
          }
        />
      ) : null}
      {layout === undefined ? null : (
        <>
          <Ground layout={layout} />
          {cameras.map((camera) => (
            <CameraMarker
              key={camera.cameraId}
              camera={camera}
              spot={layout.cameras.get(camera.cameraId)}
              hasName={cameras.length <= mostNames}
              isChosen={isChosen('camera', camera.cameraId)}
              onChoose={() => choose({ kind: 'camera', id: camera.cameraId })}
            />
          ))}
          {speakers.map((speaker) => (
            <SpeakerMarker
              key={speaker.speakerId}
              speaker={speaker}
              spot={layout.speakers.get(speaker.speakerId)}
              isChosen={isChosen('speaker', speaker.speakerId)}
              onChoose={() => choose({ kind: 'speaker', id: speaker.speakerId })}
            />
          ))}
        </>
      )}
      {cameras.length === 0 ? <p className="quiet map-empty">{texts.wall.none}</p> : null}
    </div>
  );
}

function areaStyle({ left, top, width, height }: MapLayout['plan']) {
  return { left, top, width, height };
}

function Ground({ layout }: Readonly<{ layout: MapLayout }>) {
  return (
    <>
      <div className="map-plan" style={areaStyle(layout.plan)} />
      {layout.areas.map((area) => (
        <div
          key={`${area.kind} ${area.name} ${area.left} ${area.top}`}
          className={`map-area map-${area.kind}`}
          data-unnamed={area.name === ''}
          style={areaStyle(area)}
        >
          <span>{area.name}</span>
        </div>
      ))}
      <svg className="map-streets" aria-hidden="true">
        {layout.streets.map(({ name, points }) => (
          <polyline
            key={`${name} ${points[0]?.x} ${points[0]?.y}`}
            points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
          />
        ))}
      </svg>
      {layout.streets.map(({ name, points: [first] }) =>
        name === '' || first === undefined ? null : (
          <span
            key={`${name} ${first.x} ${first.y}`}
            className="map-street-name"
            style={{ left: first.x, top: first.y }}
          >
            {name}
          </span>
        ),
      )}
    </>
  );
}
