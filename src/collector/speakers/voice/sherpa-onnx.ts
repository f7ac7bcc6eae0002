/**
 * Speech by sherpa-onnx, when its program and a folder with a VITS model are on this machine
 * (https://k2-fsa.github.io/sherpa/onnx/tts/): one .onnx file, tokens.txt, lexicon.txt or espeak-ng-data, and, when the
 * model brings them, dict/ and rules (*.fst) for numbers and dates. Nothing is fetched.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpokenLanguage } from '../../../contract/voice.ts';
import { runProgram } from '../child-program.ts';
import type { Speech, SpeechProvider } from './speech-provider.ts';
import { spokenText } from './spoken-text.ts';

export type SherpaSettings = Readonly<{
  modelFolder: string;
  /** What the model speaks; the other language is left to espeak-ng. */
  language: SpokenLanguage;
  /** Which voice of a model that has several. */
  speakerNumber?: number;
  program?: string;
}>;

type Model =
  | Readonly<{ ok: true; args: readonly string[] }>
  | Readonly<{ ok: false; reason: string }>;

export function createSherpaOnnx(settings: SherpaSettings): SpeechProvider {
  const { modelFolder, speakerNumber = 0, program = 'sherpa-onnx-offline-tts' } = settings;

  const speak: SpeechProvider['speak'] = async (text, language, wavPath, signal) => {
    const model = await findModel(modelFolder);
    if (!model.ok) return model;
    const end = await runProgram({
      program,
      args: [
        ...model.args,
        `--sid=${speakerNumber}`,
        `--output-filename=${wavPath}`,
        // After this nothing is an option, whatever the text begins with.
        '--',
        spokenText(text, language),
      ],
      timeoutMs: 60_000,
      signal,
    });
    if (end.ok) return { ok: true };
    const reason = end.missing
      ? `the program ${program} is missing; install sherpa-onnx or correct voice.sherpa.program`
      : end.reason;
    return { ok: false, reason };
  };

  return {
    check: async (): Promise<Speech> => {
      const model = await findModel(modelFolder);
      if (!model.ok) return model;
      const end = await runProgram({ program, args: ['--help'], timeoutMs: 20_000 });
      if (end.ok || !end.missing) return { ok: true };
      return {
        ok: false,
        reason: `the program ${program} is missing; install sherpa-onnx or correct voice.sherpa.program`,
      };
    },
    speaks: (language) => language === settings.language,
    version: () => `sherpa-onnx ${modelFolder} ${speakerNumber}`,
    speak,
  };
}

async function findModel(folder: string): Promise<Model> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return missing(folder, 'cannot be read');
  const models = names.filter((name) => name.endsWith('.onnx'));
  const [model] = models;
  if (model === undefined || models.length > 1)
    return missing(folder, `has ${models.length} .onnx files where one belongs`);
  // What a download leaves that was not one: nothing, a page of a site, or a pointer to the file.
  if (!(await isOnnx(join(folder, model)))) return missing(folder, `has no ONNX model in ${model}`);
  if (!names.includes('tokens.txt')) return missing(folder, 'has no tokens.txt');
  const words = wordsOf(folder, names);
  if (words === undefined) return missing(folder, 'has no lexicon.txt and no espeak-ng-data');
  const rules = names.filter((name) => name.endsWith('.fst')).map((name) => join(folder, name));
  return {
    ok: true,
    args: [
      `--vits-model=${join(folder, model)}`,
      `--vits-tokens=${join(folder, 'tokens.txt')}`,
      words,
      ...(names.includes('dict') ? [`--vits-dict-dir=${join(folder, 'dict')}`] : []),
      ...(rules.length === 0 ? [] : [`--tts-rule-fsts=${rules.join(',')}`]),
    ],
  };
}

/** Every ONNX file begins with its version: field 1 of the message, a number. */
async function isOnnx(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1));
    return bytesRead === 1 && buffer[0] === 0x08;
  } catch {
    return false;
  }
}

function wordsOf(folder: string, names: readonly string[]): string | undefined {
  if (names.includes('lexicon.txt')) return `--vits-lexicon=${join(folder, 'lexicon.txt')}`;
  return names.includes('espeak-ng-data')
    ? `--vits-data-dir=${join(folder, 'espeak-ng-data')}`
    : undefined;
}

function missing(folder: string, what: string): Model {
  return {
    ok: false,
    reason: `the speech model in ${folder} cannot be used: the folder ${what}; put a whole VITS model of sherpa-onnx there or take voice.sherpa away`,
  };
}
