/** The largest rectangle of the picture's aspect ratio that fits its place; pictures and drawings over them share it exactly. */
import type { CSSProperties, ReactNode } from 'react';
import './picture.css';

export function PictureFrame({
  aspectRatio,
  children,
}: Readonly<{ aspectRatio: number; children: ReactNode }>) {
  const style: CSSProperties & Record<'--aspect-ratio', number> = { '--aspect-ratio': aspectRatio };
  return (
    <div className="picture-place" style={style}>
      <div className="picture-frame">{children}</div>
    </div>
  );
}
