/**
 * Reasons: why something does not work, as one English sentence on the wire, in logs and in the store, and as a code with its
 * facts for whoever speaks another language. One list makes the sentence and reads it back, so an older box and what was
 * stored long ago are understood as well; a sentence of nobody's list stays what it is. Pure.
 */
import { cameraReasons } from './camera-reasons.ts';
import { speakerReasons } from './speaker-reasons.ts';

/** The English sentences, by code; `{facts}` are filled in. */
export const reasonSentences = { ...cameraReasons, ...speakerReasons } as const;
export type ReasonCode = keyof typeof reasonSentences;

type FactsIn<Text extends string> = Text extends `${string}{${infer Fact}}${infer Rest}`
  ? Fact | FactsIn<Rest>
  : never;
type Facts<Code extends ReasonCode> = Readonly<
  Record<FactsIn<(typeof reasonSentences)[Code]>, string | number>
>;

export type Reason = Readonly<{ code: ReasonCode; facts: Readonly<Record<string, string>> }>;

/** The sentence of a reason. */
export function because<Code extends ReasonCode>(
  code: Code,
  ...[facts]: [FactsIn<(typeof reasonSentences)[Code]>] extends [never] ? [] : [facts: Facts<Code>]
): string {
  return fillIn(reasonSentences[code], facts ?? {});
}

/** What has no fact of its name stays as it stands. */
export function fillIn(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replace(placeholder, (whole, name: string) => String(facts[name] ?? whole));
}

/** The reason that a sentence tells; undefined for one that stands in no list. */
export function readReason(sentence: string): Reason | undefined {
  if (sentence.length > longest) return undefined;
  for (const { code, beginning, names, pattern } of patterns()) {
    const found = sentence.startsWith(beginning) ? pattern.exec(sentence) : null;
    if (found !== null) {
      const facts = Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']));
      if (!frames.has(code) || readReason(facts['what'] ?? '') !== undefined)
        return { code, facts };
    }
  }
  return undefined;
}

/** A zone's reason: what each of its speakers says, one behind the other. */
export type Part = Readonly<{ name: string; why: string }>;
const between = ' · ';

export function joinParts(parts: readonly Part[]): string {
  return parts.map(({ name, why }) => `${name}: ${why}`).join(between);
}

export function splitParts(joined: string): readonly Part[] | undefined {
  const parts = joined.split(between).map((part) => /^(.{1,80}?): (.+)$/s.exec(part));
  return parts.every((part) => part !== null)
    ? parts.map(([, name = '', why = '']) => ({ name, why }))
    : undefined;
}

const placeholder = /\{([a-zA-Z0-9]+)\}/g;
const longest = 2000;
/** They only say what it is about: with something unknown in them they tell nothing. */
const frames: ReadonlySet<ReasonCode> = new Set([
  'camera-address',
  'camera-stream',
  'camera-picture',
]);

type Pattern = Readonly<{
  code: ReasonCode;
  /** What stands before the first fact. */
  beginning: string;
  names: readonly string[];
  pattern: RegExp;
}>;

let compiled: readonly Pattern[] | undefined;

/** The most telling first: those with the most words of their own. */
function patterns(): readonly Pattern[] {
  compiled ??= (Object.entries(reasonSentences) as [ReasonCode, string][])
    .map(([code, text]) => ({ ownWords: text.replace(placeholder, '').length, code, text }))
    .sort((a, b) => b.ownWords - a.ownWords)
    .map(({ code, text }) => toPattern(code, text));
  return compiled;
}

function toPattern(code: ReasonCode, text: string): Pattern {
  const names = [...text.matchAll(placeholder)].map(([, name = '']) => name);
  const parts = text.split(/\{[a-zA-Z0-9]+\}/);
  const source = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('(.*?)');
  return { code, beginning: parts[0] ?? '', names, pattern: new RegExp(`^${source}$`, 's') };
}
