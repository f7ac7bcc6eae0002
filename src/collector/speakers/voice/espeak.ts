/**
 * Speech by espeak-ng, a child process that gets the text on its standard input.
 * The voice for Chinese is cmn-latn-pinyin: espeak-ng's plain `cmn` spells Hanzi as English.
 */
import { because } from '../../../contract/reason.ts';
import type { SpokenLanguage } from '../../../contract/voice.ts';
import { type ProgramEnd, runProgram } from '../child-program.ts';
import type { Speech, SpeechProvider } from './speech-provider.ts';
import { spokenText } from './spoken-text.ts';

const voices: Readonly<Record<SpokenLanguage, string>> = {
  'zh-CN': 'cmn-latn-pinyin',
  en: 'en-gb',
};
const wordsPerMinute = 150;

export const espeak: SpeechProvider = {
  check: async () => {
    const end = await run(['-v', voices['zh-CN'], '-x', '-q'], '请让开');
    if (!end.ok) return refusal(end.reason, end.missing);
    if (end.stdout.toString().includes('(en)')) {
      return {
        ok: false,
        reason: because('speech-no-chinese'),
      };
    }
    return { ok: true };
  },
  speaks: () => true,
  version: (language) => `espeak-ng ${voices[language]} ${wordsPerMinute}`,
  /** 22050 samples a second. */
  speak: async (text, language, wavPath, signal) => {
    const args = ['-v', voices[language], '-s', String(wordsPerMinute), '-w', wavPath];
    const end = await run(args, spokenText(text, language), signal);
    return end.ok ? { ok: true } : refusal(end.reason, end.missing);
  },
};

function run(args: readonly string[], text: string, signal?: AbortSignal): Promise<ProgramEnd> {
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
    reason: missing ? because('speech-off') : reason,
  };
}
