/**
 * Speech by espeak-ng, a child process that gets the text on its standard input.
 * The voice for Chinese is cmn-latn-pinyin: espeak-ng's plain `cmn` spells Hanzi as English.
 */
import { type ProgramEnd, runProgram } from '../child-program.ts';
import { spokenText } from './spoken-text.ts';

export type Language = 'zh-CN' | 'en';

export type Speech = Readonly<{ ok: true }> | Readonly<{ ok: false; reason: string }>;

const voices: Readonly<Record<Language, string>> = { 'zh-CN': 'cmn-latn-pinyin', en: 'en-gb' };
const wordsPerMinute = 150;

/** Stands in the cache key: another voice or another reading is another sound. */
export function voiceVersion(language: Language): string {
  return `espeak-ng ${voices[language]} ${wordsPerMinute}`;
}

/** Answers with a sentence when espeak-ng cannot speak Chinese on this machine. */
export async function checkSpeech(): Promise<Speech> {
  const end = await espeak(['-v', voices['zh-CN'], '-x', '-q'], '请让开');
  if (!end.ok) return refusal(end.reason, end.missing);
  if (end.stdout.toString().includes('(en)')) {
    return {
      ok: false,
      reason: 'espeak-ng reads Chinese as English; install the Debian package espeak-ng-data',
    };
  }
  return { ok: true };
}

/** Writes a mono PCM16 WAV of 22050 Hz. */
export async function speak(
  text: string,
  language: Language,
  wavPath: string,
  signal: AbortSignal,
): Promise<Speech> {
  const args = ['-v', voices[language], '-s', String(wordsPerMinute), '-w', wavPath];
  const end = await espeak(args, spokenText(text, language), signal);
  return end.ok ? { ok: true } : refusal(end.reason, end.missing);
}

function espeak(args: readonly string[], text: string, signal?: AbortSignal): Promise<ProgramEnd> {
  return runProgram({
    program: 'espeak-ng',
    args: [...args, '-b', '1', '--stdin'],
    input: text,
    timeoutMs: 20_000,
    ...(signal === undefined ? {} : { signal }),
  });
}

function refusal(reason: string, missing: boolean): Speech {
  return {
    ok: false,
    reason: missing
      ? 'speech is off because espeak-ng is missing; install the Debian package espeak-ng'
      : reason,
  };
}
