/**
 * What the centre does when a rule fires: how severe the alarm is, what the lane's speaker says, and whom it calls.
 * Times in seconds.
 */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';
import { Schedule } from './schedule.ts';
import { SpokenLanguage, SpokenText } from './voice.ts';

const closed = { additionalProperties: false } as const;

export const Severity = Type.Union([
  Type.Literal('information'),
  Type.Literal('warning'),
  Type.Literal('emergency'),
]);
export type Severity = Static<typeof Severity>;

/** What the lane's speaker says: a text to be spoken, or a recording of the library by its name. */
export const Announcement = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('speech'),
      text: SpokenText,
      language: SpokenLanguage,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('recording'), name: Id }, closed),
]);
export type Announcement = Readonly<Static<typeof Announcement>>;

/** What a rule has to say: an announcement whose text may hold placeholders, or a template in one of its languages. */
export const RuleAnnouncement = Type.Union([
  ...Announcement.anyOf,
  Type.Object({ kind: Type.Literal('template'), templateId: Id, language: SpokenLanguage }, closed),
]);
export type RuleAnnouncement = Readonly<Static<typeof RuleAnnouncement>>;

/** How a rule speaks beyond its first announcement. */
const VoicePlan = Type.Object(
  {
    /** From the second time on within `withinSeconds`; what the first time says, without it. */
    again: Type.Optional(RuleAnnouncement),
    /** From the third time on: the third crossing, or the third pass of one person. */
    third: Type.Optional(RuleAnnouncement),
    /** For so long times count together; the default is 600. */
    withinSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86400 })),
    /** How often it is said in a row; the default is once. */
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    /** When the lane sleeps: softer, or the operator alone is called. An emergency is always said aloud. */
    quiet: Type.Optional(
      Type.Object(
        {
          schedule: Schedule,
          manner: Type.Union([Type.Literal('softer'), Type.Literal('operator-only')]),
        },
        closed,
      ),
    ),
  },
  closed,
);

/**
 * What the centre does when the rule fires. Repeats within the cooldown join the alarm that stands, unless the voice plan has
 * other words for them.
 */
export const RuleResponse = Type.Object(
  {
    severity: Type.Optional(Severity),
    cooldownSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
    /** Said at the first crossing; `voice` says what else. */
    announcement: Type.Optional(RuleAnnouncement),
    voice: Type.Optional(VoicePlan),
    /** Whoever is still there after the warning makes the alarm one step more severe and call again. */
    escalateIfStillThere: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type RuleResponse = Readonly<Static<typeof RuleResponse>>;
