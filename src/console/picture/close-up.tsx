/** The part of a snapshot around the person, as large as the place allows: who is it? */
import { useState } from 'react';
import type { Box } from '../../contract/shape.ts';
import { closeUpOf } from './close-up-geometry.ts';
import type { Size } from './picture-geometry.ts';

/** Width over height of the place, as the style sheet has it. */
const placeAspectRatio = 16 / 11;
const percent = (share: number): string => `${share * 100}%`;

export function CloseUp({ address, box }: Readonly<{ address: string; box: Box }>) {
  const [size, setSize] = useState<Size>();
  const region = closeUpOf(
    box,
    size === undefined ? 1 : size.width / size.height,
    placeAspectRatio,
  );
  const width = region.right - region.left;
  const height = region.bottom - region.top;
  return (
    <div className="close-up">
      <img
        src={address}
        alt=""
        style={{
          visibility: size === undefined ? 'hidden' : 'visible',
          width: percent(1 / width),
          height: percent(1 / height),
          left: percent(-region.left / width),
          top: percent(-region.top / height),
        }}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize({ width: naturalWidth, height: naturalHeight })
        }
      />
    </div>
  );
}
