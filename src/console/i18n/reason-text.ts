/** Why something does not work, in the language of the console; what stands in no list is shown as it came. Pure. */
import { fillIn, readReason, splitParts } from '../../contract/reason.ts';
import type { Texts } from './zh.ts';

type ReasonTexts = Pick<Texts, 'reasons' | 'announcement'>;

export function reasonText(sentence: string, texts: ReasonTexts): string;
export function reasonText(sentence: string | undefined, texts: ReasonTexts): string | undefined;
export function reasonText(sentence: string | undefined, texts: ReasonTexts): string | undefined {
  if (sentence === undefined) return undefined;
  const reason = readReason(sentence);
  // A zone names its speakers that are not well.
  if (reason === undefined) return partsText(sentence, texts);
  const { what, parts, ...others } = reason.facts;
  return fillIn(texts.reasons[reason.code], {
    ...others,
    ...(what === undefined ? {} : { what: reasonText(what, texts) }),
    ...(parts === undefined ? {} : { parts: partsText(parts, texts) }),
  });
}

/** What each speaker of a zone says; one that says nothing has only its state. */
function partsText(joined: string, texts: ReasonTexts): string {
  const states = new Map<string, string>(Object.entries(texts.announcement));
  const parts = splitParts(joined);
  if (parts === undefined) return joined;
  const said = parts.map(({ name, why }) => ({
    name,
    why,
    known: states.get(why) ?? ofList(why, texts),
  }));
  if (said.every(({ known }) => known === undefined)) return joined;
  return said.map(({ name, why, known }) => `${name}: ${known ?? why}`).join(' · ');
}

function ofList(sentence: string, texts: ReasonTexts): string | undefined {
  return readReason(sentence) === undefined ? undefined : reasonText(sentence, texts);
}
