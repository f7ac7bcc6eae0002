/**
 * From what a rule wants said to what the lane hears: the template's text, with place and time filled in.
 * Pure: templates, place and time come from the caller.
 */
import type { Announcement, RuleAnnouncement } from '../../contract/rule-response.ts';
import { defaultTimeZone } from '../../contract/schedule.ts';
import { filledText, type SpokenLanguage, type VoiceTemplate } from '../../contract/voice.ts';

type SpokenPlace = Readonly<{ name?: string; lane?: string }>;

export type WordingFacts = Readonly<{
  templates: readonly VoiceTemplate[];
  place: SpokenPlace;
  atMs: number;
}>;

/** How a place is called that has no name. */
const here: Readonly<Record<SpokenLanguage, Readonly<{ lane: string; camera: string }>>> = {
  'zh-CN': { lane: '本巷', camera: '此处' },
  en: { lane: 'this lane', camera: 'this place' },
};

/** Undefined when the template does not exist. */
export function wordingOf(
  wanted: RuleAnnouncement,
  { templates, place, atMs }: WordingFacts,
): Announcement | undefined {
  if (wanted.kind === 'recording') return wanted;
  const spoken = wanted.kind === 'speech' ? wanted : fromTemplate(wanted, templates);
  if (spoken === undefined) return undefined;
  const { text, language } = spoken;
  const filled = filledText(text, {
    lane: readable(place.lane, language) ?? here[language].lane,
    camera: readable(place.name, language) ?? here[language].camera,
    time: clockTime(atMs),
  });
  return { kind: 'speech', text: filled, language };
}

/** Words that hold the time are new every minute: they cannot be prepared ahead. */
export function canBePrepared(
  wanted: RuleAnnouncement,
  templates: readonly VoiceTemplate[],
): boolean {
  if (wanted.kind === 'recording') return true;
  const spoken = wanted.kind === 'speech' ? wanted : fromTemplate(wanted, templates);
  return spoken !== undefined && !spoken.text.includes('{time}');
}

/** In the other language when the wanted one is not written: the lane is told in some language. */
function fromTemplate(
  { templateId, language }: RuleAnnouncement & { kind: 'template' },
  templates: readonly VoiceTemplate[],
): Readonly<{ text: string; language: SpokenLanguage }> | undefined {
  const texts = templates.find((one) => one.templateId === templateId)?.texts;
  for (const one of [language, 'zh-CN', 'en'] as const) {
    const text = texts?.[one];
    if (text !== undefined) return { text, language: one };
  }
  return undefined;
}

/** An English voice reads Chinese characters one by one as "Chinese letter": it leaves the name away. */
function readable(name: string | undefined, language: SpokenLanguage): string | undefined {
  return language === 'en' && name !== undefined && /\p{Script=Han}/u.test(name) ? undefined : name;
}

function clockTime(atMs: number): string {
  const settings = { timeZone: defaultTimeZone, hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...settings, hourCycle: 'h23' }).format(atMs);
}
