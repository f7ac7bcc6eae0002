/** The aspect ratio of a camera's picture: what the edge reports, until a picture itself has shown it. */
import { useState } from 'react';
import { useCameras } from '../api/queries.ts';
import type { Size } from './picture-geometry.ts';

const usualAspectRatio = 16 / 9;

export function useAspectRatio(cameraId: string): readonly [number, (seen: Size) => void] {
  const camera = useCameras().data?.find((one) => one.cameraId === cameraId);
  const [seen, setSeen] = useState<Size>();
  const size = seen ?? { width: camera?.width ?? 0, height: camera?.height ?? 0 };
  const known = size.width > 0 && size.height > 0;
  return [known ? size.width / size.height : usualAspectRatio, setSeen];
}
