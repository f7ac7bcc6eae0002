/**
 * The live picture of one camera: fMP4 through Media Source Extensions, JSMpeg when that cannot be.
 * It opens when it is mounted and closes when it is unmounted.
 */
import { useEffect, useRef, useState } from 'react';
import { useCameras, useEdges } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import { cameraCondition } from '../wall/camera-condition.ts';
import type { LiveState, PictureSize } from './live-player.ts';
import { createMpeg1Player } from './mpeg1-player.ts';
import { createMsePlayer } from './mse-player.ts';
import './live-view.css';

type Way = 'fmp4' | 'mpeg1';

/** After this long without a picture the view says so; it goes on trying. */
const patienceMs = 8_000;

export function LiveView({
  cameraId,
  testId = 'live-view',
  onPictureSize,
}: Readonly<{
  cameraId: string;
  testId?: string;
  onPictureSize?: (size: PictureSize) => void;
}>) {
  const [way, setWay] = useState<Way>('fmp4');
  const [state, setState] = useState<LiveState>('connecting');
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const reportSize = useRef(onPictureSize);
  reportSize.current = onPictureSize;

  useEffect(() => {
    const settings = {
      cameraId,
      // Once it has failed it stays so until there is a picture: the word must not flicker with every attempt.
      onState: (next: LiveState) =>
        setState((now) => (now === 'failed' && next === 'connecting' ? now : next)),
      onPictureSize: (size: PictureSize) => reportSize.current?.(size),
      onUnsupported: () => (way === 'fmp4' ? setWay('mpeg1') : setState('failed')),
    };
    const player =
      way === 'fmp4'
        ? video.current && createMsePlayer(video.current, settings)
        : canvas.current && createMpeg1Player(canvas.current, settings);
    player?.start();
    return () => player?.stop();
  }, [cameraId, way]);

  useEffect(() => {
    if (state !== 'connecting') return;
    const timer = window.setTimeout(() => setState('failed'), patienceMs);
    return () => window.clearTimeout(timer);
  }, [state]);

  return (
    <div className="live-view" data-testid={testId} data-live-state={state} data-live-format={way}>
      {way === 'fmp4' ? (
        <video key={cameraId} ref={video} muted autoPlay playsInline />
      ) : (
        <canvas key={cameraId} ref={canvas} />
      )}
      <LiveBadge state={state} cameraId={cameraId} />
    </div>
  );
}

function LiveBadge({ state, cameraId }: Readonly<{ state: LiveState; cameraId: string }>) {
  const texts = useTexts();
  const why = useCameraReason(cameraId);
  switch (state) {
    case 'playing':
      return <span className="live-badge live-badge-on">{texts.live.live}</span>;
    case 'connecting':
      return <span className="live-badge">{texts.live.connecting}</span>;
    case 'failed':
      return (
        <span className="live-badge live-badge-failed">
          {texts.live.failed} · {why ?? texts.live.retry}
        </span>
      );
    default:
      return state satisfies never;
  }
}

/** Why the camera gives no picture, as its box or the centre knows it. */
function useCameraReason(cameraId: string): string | undefined {
  const texts = useTexts();
  const edges = useEdges().data ?? [];
  const camera = useCameras().data?.find((one) => one.cameraId === cameraId);
  return camera === undefined ? undefined : cameraCondition(camera, edges, texts).reason;
}
