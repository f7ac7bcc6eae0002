/**
 * The last seconds of a camera's compressed stream, and the clips that events cut out of it. Fragments begin with a key
 * frame, so a clip does too; it begins at or before its pre-roll and ends at or after its post-roll. Pure; times are wall
 * clock milliseconds.
 */

/** A key frame and the pictures up to the next, as fragmented MP4. */
type Fragment = Readonly<{ bytes: Uint8Array; startMs: number; endMs: number }>;

export type RawClip = Readonly<{
  eventIds: readonly string[];
  initialization: Uint8Array;
  fragments: readonly Fragment[];
}>;

export type RingSettings = Readonly<{ preRollSeconds: number; postRollSeconds: number }>;

export type ClipRing = Readonly<{
  /** The stream begins anew: what was open ends here. */
  opened: (initialization: Uint8Array) => void;
  fragment: (fragment: Fragment) => void;
  event: (eventId: string, atMs: number) => void;
  /** The stream has ended: clips end with what there is. */
  closed: () => void;
  /** Lets everything go, open clips too. */
  forgotten: () => void;
  bytes: () => number;
}>;

type OpenClip = {
  readonly eventIds: string[];
  readonly startMs: number;
  endMs: number;
  readonly fragments: Fragment[];
};

/** An event is heard of a little after its picture. */
const eventDelaySeconds = 5;
const mostRingBytes = 32 * 1024 ** 2;
const mostClipBytes = 96 * 1024 ** 2;
/** Events that follow one another share a clip up to this length. */
const mostClipMs = 60_000;
const mostEvents = 50;

export function createClipRing(
  { preRollSeconds, postRollSeconds }: RingSettings,
  onClip: (clip: RawClip) => void,
): ClipRing {
  let initialization: Uint8Array | undefined;
  let ring: readonly Fragment[] = [];
  let open: readonly OpenClip[] = [];

  const finish = (clip: OpenClip): void => {
    open = open.filter((one) => one !== clip);
    const { eventIds, fragments } = clip;
    if (initialization !== undefined && fragments.length > 0)
      onClip({ eventIds, initialization, fragments });
  };
  const closed = (): void => {
    for (const clip of open) finish(clip);
    ring = [];
  };

  return {
    opened: (bytes) => {
      closed();
      initialization = bytes;
    },
    fragment: (fragment) => {
      const keepFromMs = fragment.endMs - (preRollSeconds + eventDelaySeconds) * 1000;
      ring = trimmed([...ring, fragment], keepFromMs);
      for (const clip of open) {
        clip.fragments.push(fragment);
        const isLarge = bytesOf(clip.fragments) >= mostClipBytes;
        if (fragment.endMs >= clip.endMs || isLarge) finish(clip);
      }
    },
    event: (eventId, atMs) => {
      const startMs = atMs - preRollSeconds * 1000;
      const endMs = atMs + postRollSeconds * 1000;
      const shared = open.find(
        (clip) =>
          clip.startMs <= startMs &&
          startMs <= clip.endMs &&
          endMs - clip.startMs <= mostClipMs &&
          clip.eventIds.length < mostEvents,
      );
      if (shared === undefined) {
        const fragments = ring.filter((fragment) => fragment.endMs > startMs);
        open = [...open, { eventIds: [eventId], startMs, endMs, fragments }];
        return;
      }
      shared.eventIds.push(eventId);
      shared.endMs = Math.max(shared.endMs, endMs);
    },
    closed,
    forgotten: () => {
      open = [];
      ring = [];
    },
    bytes: () => bytesOf(ring),
  };
}

function trimmed(ring: readonly Fragment[], keepFromMs: number): readonly Fragment[] {
  let kept = ring.filter(({ endMs }) => endMs > keepFromMs);
  while (bytesOf(kept) > mostRingBytes && kept.length > 1) kept = kept.slice(1);
  return kept;
}

function bytesOf(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
