/** What the two players of live pictures have in common. */

export type LiveState = 'connecting' | 'playing' | 'failed';

export type PictureSize = Readonly<{ width: number; height: number }>;

export type LivePlayer = Readonly<{ start: () => void; stop: () => void }>;

export type LivePlayerSettings = Readonly<{
  cameraId: string;
  onState: (state: LiveState) => void;
  onPictureSize: (size: PictureSize) => void;
  /** The browser or the stream does not allow this way of playing; the other one may. */
  onUnsupported: () => void;
}>;
