/**
 * Speech by sherpa-onnx with a VITS model of this machine: by the library that is installed with the project, in a
 * process of its own for each text, or by a program sherpa-onnx-offline-tts that the owner of the machine built.
 */
import { fileURLToPath } from 'node:url';
import { because } from '../../../contract/reason.ts';
import type { SpokenLanguage } from '../../../contract/voice.ts';
import { type ProgramRun, runProgram } from '../child-program.ts';
import type { Speech, SpeechProvider } from './speech-provider.ts';
import { spokenText } from './spoken-text.ts';
import { findVitsModel, type SherpaOrder } from './vits-model.ts';

export type SherpaSettings = Readonly<{
  modelFolder: string;
  /** What the model speaks; the other language is left to espeak-ng. */
  language: SpokenLanguage;
  /** Which voice of a model that has several. */
  speakerNumber?: number;
  /** In place of the installed library. */
  program?: string;
}>;

type Job = Pick<SherpaOrder, 'speech'> & Readonly<{ timeoutMs: number; signal?: AbortSignal }>;

const processFile = fileURLToPath(new URL('./sherpa-process.ts', import.meta.url));
/** `checkMs`: the whole model is read from the disk. */
const usualLimits = { speakMs: 60_000, checkMs: 30_000 };

export function createSherpaOnnx(
  settings: SherpaSettings,
  { speakMs, checkMs } = usualLimits,
): SpeechProvider {
  const { modelFolder, speakerNumber = 0, program } = settings;
  let turn: Promise<unknown> = Promise.resolve();

  const carryOut = async (job: Job): Promise<Speech> => {
    const found = await findVitsModel(modelFolder);
    if (!found.ok) return found;
    const end = await runProgram(
      program === undefined
        ? libraryRun({ model: found.model, speakerNumber }, job)
        : programRun(program, { model: found.model, speakerNumber }, job),
    );
    if (end.ok) return { ok: true };
    if (program === undefined) {
      // What it ended of its own accord for needs no more words.
      const what = end.reason.replace(/^sherpa-onnx ended with 1: /, '');
      return { ok: false, reason: because('speech-model-mute', { folder: modelFolder, what }) };
    }
    // A program that is there may answer as it likes when it is asked for its help.
    if (job.speech === undefined && !end.missing) return { ok: true };
    return {
      ok: false,
      reason: end.missing ? because('speech-program-missing', { program }) : end.reason,
    };
  };

  /** One after the other: each process holds the whole model in memory. */
  const inTurn = (job: Job): Promise<Speech> => {
    const next = turn.then(() => carryOut(job));
    turn = next.catch(() => undefined);
    return next;
  };

  return {
    check: () => inTurn({ timeoutMs: checkMs }),
    speaks: (language) => language === settings.language,
    version: () => `sherpa-onnx ${modelFolder} ${speakerNumber}`,
    speak: (text, language, wavPath, signal) => {
      const speech = { text: spokenText(text, language), wavPath };
      return inTurn({ speech, timeoutMs: speakMs, signal });
    },
  };
}

type Voice = Omit<SherpaOrder, 'speech'>;

function libraryRun(voice: Voice, { speech, ...limits }: Job): ProgramRun {
  const order: SherpaOrder = { ...voice, ...(speech === undefined ? {} : { speech }) };
  return {
    name: 'sherpa-onnx',
    program: process.execPath,
    args: [processFile],
    input: JSON.stringify(order),
    ...limits,
  };
}

function programRun(program: string, voice: Voice, { speech, ...limits }: Job): ProgramRun {
  if (speech === undefined) return { program, args: ['--help'], ...limits };
  const { onnx, tokens, lexicon, espeakData, dict, rules } = voice.model;
  return {
    program,
    args: [
      `--vits-model=${onnx}`,
      `--vits-tokens=${tokens}`,
      ...(lexicon === undefined ? [] : [`--vits-lexicon=${lexicon}`]),
      ...(espeakData === undefined ? [] : [`--vits-data-dir=${espeakData}`]),
      ...(dict === undefined ? [] : [`--vits-dict-dir=${dict}`]),
      ...(rules.length === 0 ? [] : [`--tts-rule-fsts=${rules.join(',')}`]),
      `--sid=${voice.speakerNumber}`,
      `--output-filename=${speech.wavPath}`,
      // After this nothing is an option, whatever the text begins with.
      '--',
      speech.text,
    ],
    ...limits,
  };
}
