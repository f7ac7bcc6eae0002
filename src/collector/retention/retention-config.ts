/** The part `retention` of the collector's configuration; days may be parts of days. */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Days = Type.Number({ exclusiveMinimum: 0, maximum: 3650 });

const cameraDays = {
  /** Events with their alarms and announcements. */
  eventDays: Type.Optional(Days),
  snapshotDays: Type.Optional(Days),
  clipDays: Type.Optional(Days),
};

export const RetentionConfig = Type.Object(
  {
    profile: Type.Optional(
      Type.Union([Type.Literal('cn'), Type.Literal('cn-key'), Type.Literal('eu')]),
    ),
    ...cameraDays,
    quarantineDays: Type.Optional(Days),
    /** Live messages that consoles which were away read again. */
    feedDays: Type.Optional(Days),
    /** After they have run out. */
    sessionDays: Type.Optional(Days),
    /** Rows of the register; half a year at least. */
    registerDays: Type.Optional(Type.Number({ minimum: 183, maximum: 36500 })),
    /** For how long cameras and rules were blind. */
    blindDays: Type.Optional(Days),
    /** Why more than the profile's usual is needed; the profile eu asks for it. */
    reason: Type.Optional(Type.String({ minLength: 3, maxLength: 300 })),
    cameras: Type.Optional(
      Type.Record(Type.String(), Type.Object(cameraDays, closed), { maxProperties: 2000 }),
    ),
  },
  closed,
);
export type RetentionConfig = Readonly<Static<typeof RetentionConfig>>;
