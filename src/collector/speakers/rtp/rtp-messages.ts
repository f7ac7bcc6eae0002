/** What the sender and its thread say to each other. A channel is one socket; it carries one stream at a time. */
import type { RtpTarget } from './rtp-socket.ts';

export type StreamEnd =
  | Readonly<{ kind: 'sent'; packets: number }>
  | Readonly<{ kind: 'stopped' }>
  | Readonly<{ kind: 'unreachable' | 'failed'; reason: string }>;

/** Where a stream goes, and what its packets say they hold. */
export type StreamAddress = Readonly<{ target: RtpTarget; payloadType: number }>;

type OfChannel = Readonly<{ channelId: number }>;

export type SenderRequest = OfChannel &
  (
    | Readonly<{ kind: 'open'; interfaceAddress?: string }>
    | (Readonly<{ kind: 'send'; payload: Uint8Array }> & StreamAddress)
    /** A stream whose packets come one by one; `silence` is sent when there is none. */
    | (Readonly<{ kind: 'live'; silence: Uint8Array }> & StreamAddress)
    | Readonly<{ kind: 'write'; payload: Uint8Array }>
    /** Ends a live stream after what was written. */
    | Readonly<{ kind: 'finish' }>
    | Readonly<{ kind: 'stop' }>
    | Readonly<{ kind: 'close' }>
  );

export type SenderReply = OfChannel &
  (
    | Readonly<{ kind: 'opened'; port: number }>
    | Readonly<{ kind: 'refused'; reason: string }>
    | Readonly<{ kind: 'ended'; end: StreamEnd }>
  );
