/**
 * The files of a VITS model as sherpa-onnx takes them (https://k2-fsa.github.io/sherpa/onnx/tts/pretrained_models/vits.html):
 * one .onnx file, tokens.txt, lexicon.txt or espeak-ng-data, and, when the model brings them, dict/ and rules (*.fst)
 * that write out numbers and dates. Nothing is fetched.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { because } from '../../../contract/reason.ts';

type VitsModel = Readonly<{
  onnx: string;
  tokens: string;
  lexicon?: string;
  /** The folder espeak-ng-data of models that read by it. */
  espeakData?: string;
  dict?: string;
  rules: readonly string[];
}>;

/** What the process that speaks is to do. */
export type SherpaOrder = Readonly<{
  model: VitsModel;
  speakerNumber: number;
  /** Without it the model is only tried. */
  speech?: Readonly<{ text: string; wavPath: string }>;
}>;

type Found = Readonly<{ ok: true; model: VitsModel }> | Readonly<{ ok: false; reason: string }>;

export async function findVitsModel(folder: string): Promise<Found> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return unusable(folder, because('model-folder-unreadable'));
  const models = names.filter((name) => name.endsWith('.onnx'));
  const [onnx] = models;
  if (onnx === undefined || models.length > 1)
    return unusable(folder, because('model-folder-count', { count: models.length }));
  // What a download leaves that was not one: nothing, a page of a site, or a pointer to the file.
  if (!(await isOnnx(join(folder, onnx))))
    return unusable(folder, because('model-folder-no-model', { name: onnx }));
  if (!names.includes('tokens.txt')) return unusable(folder, because('model-folder-no-tokens'));
  const words = wordsOf(folder, names);
  if (words === undefined) return unusable(folder, because('model-folder-no-words'));
  return {
    ok: true,
    model: {
      onnx: join(folder, onnx),
      tokens: join(folder, 'tokens.txt'),
      ...words,
      ...(names.includes('dict') ? { dict: join(folder, 'dict') } : {}),
      rules: inOrder(names.filter((name) => name.endsWith('.fst'))).map((name) =>
        join(folder, name),
      ),
    },
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

function wordsOf(
  folder: string,
  names: readonly string[],
): Pick<VitsModel, 'lexicon' | 'espeakData'> | undefined {
  if (names.includes('lexicon.txt')) return { lexicon: join(folder, 'lexicon.txt') };
  return names.includes('espeak-ng-data')
    ? { espeakData: join(folder, 'espeak-ng-data') }
    : undefined;
}

const particularFirst = ['phone', 'date', 'number'];

/** Each rule reads what the one before has written: after that for numbers nothing of a telephone number is left. */
function inOrder(rules: readonly string[]): readonly string[] {
  const rank = (name: string): number => {
    const at = particularFirst.findIndex((kind) => name.includes(kind));
    return at === -1 ? particularFirst.length : at;
  };
  return rules.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function unusable(folder: string, what: string): Found {
  return { ok: false, reason: because('speech-model-unusable', { folder, what }) };
}
