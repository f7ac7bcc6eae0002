/**
 * The words of the street's voice: templates with placeholders, recordings of the library, and what a rule has to say.
 * Nothing personal is ever spoken: a text can name a place and a time, and nobody.
 */

import { type Static, Type } from 'typebox';
import { Id } from './id.ts';
import { because } from './reason.ts';

const closed = { additionalProperties: false } as const;
const EpochMs = Type.Integer({ minimum: 0 });

export const SpokenLanguage = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]);
export type SpokenLanguage = Static<typeof SpokenLanguage>;

export const SpokenText = Type.String({ minLength: 1, maxLength: 300 });

/** A text for several rules, in one language or in both. */
export const VoiceTemplate = Type.Object(
  {
    templateId: Id,
    name: Type.String({ minLength: 1, maxLength: 60 }),
    texts: Type.Object(
      { 'zh-CN': Type.Optional(SpokenText), en: Type.Optional(SpokenText) },
      { ...closed, minProperties: 1 },
    ),
  },
  closed,
);
export type VoiceTemplate = Readonly<Static<typeof VoiceTemplate>>;

/** A recording as it stands in the library. */
export const RecordingView = Type.Object({
  name: Id,
  /** What people call it. */
  title: Type.String(),
  seconds: Type.Number(),
  bytes: Type.Integer(),
  savedAtMs: EpochMs,
  savedBy: Type.Optional(Type.String()),
});
export type RecordingView = Readonly<Static<typeof RecordingView>>;

export const VoiceView = Type.Object({
  recordings: Type.Array(RecordingView),
  templates: Type.Array(VoiceTemplate),
  /** Why speech does not work on the centre's machine, or not with the voice that is configured; absent when all is well. */
  speechFault: Type.Optional(Type.String()),
});
export type VoiceView = Readonly<Static<typeof VoiceView>>;

/** What stands in braces in a text and is filled in as it is spoken. */
export const placeholders = ['lane', 'camera', 'time'] as const;
export type Placeholder = (typeof placeholders)[number];

/** A resident's number: 18 digits, the last may be X. */
const identityNumber = /(?<!\d)\d{17}[\dXx](?!\d)/;

const knownPlaceholders = placeholders.map((name) => `{${name}}`).join(', ');

/** One sentence with the mend when the text must not be spoken as it stands. */
export function textFault(text: string): string | undefined {
  if (text.trim() === '') return because('text-empty');
  for (const [whole, name] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (!placeholders.some((known) => known === name))
      return because('text-placeholder', { placeholder: whole, known: knownPlaceholders });
  }
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, '')))
    return because('text-brace', { known: knownPlaceholders });
  if (identityNumber.test(text.replace(/[\s-]/g, ''))) return because('text-personal');
  return undefined;
}

/** Fills in the placeholders; the text has been checked. */
export function filledText(text: string, facts: Readonly<Record<Placeholder, string>>): string {
  return text.replace(/\{(lane|camera|time)\}/g, (_, name: Placeholder) => facts[name]);
}
