/** What a run of the deletion removed; it stands in the register, whose rows are chained. */
import { type Static, Type } from 'typebox';

const Counts = Type.Record(Type.String(), Type.Number());

export const DeletionCertificate = Type.Object({
  items: Type.Integer({ minimum: 1 }),
  /** By class: events, snapshots, clips, quarantine, feed, sessions. */
  counts: Counts,
  cameras: Type.Record(Type.String(), Counts),
  /** When the oldest and the newest of them came to the centre. */
  oldestMs: Type.Integer(),
  newestMs: Type.Integer(),
  /** Days that each class is kept; of the cameras only those that differ. */
  rule: Type.Object({
    profile: Type.String(),
    days: Counts,
    cameras: Type.Record(Type.String(), Counts),
  }),
  /** How many went before their time because the disk space for clips was used up. */
  forSpace: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Of the lines `class id`, sorted, each ended by a line feed. */
  sha256: Type.String(),
});
export type DeletionCertificate = Readonly<Static<typeof DeletionCertificate>>;

export const DeletionView = Type.Object({
  /** The row of the register. */
  number: Type.Integer({ minimum: 1 }),
  atMs: Type.Integer(),
  certificate: DeletionCertificate,
});
export type DeletionView = Readonly<Static<typeof DeletionView>>;
