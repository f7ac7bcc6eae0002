/**
 * A folder with a VITS model that the real sherpa-onnx takes: inputs, metadata, tokens and lexicon as those of trained
 * ones, but each token is a tenth of a second of a tone, whose height tells the token and the voice.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { AttributeType } = onnx.AttributeProto;
const { FLOAT, INT64 } = onnx.TensorProto.DataType;

export const toneVoice = {
  sampleRate: 22_050,
  voices: 3,
  tokenSeconds: 0.1,
  /** What its lexicon knows; the first is the token 1. */
  words: ['请', '走', '开'],
  /** Hz of a token spoken by a voice. */
  tone: (token: number, voice: number) => 10 * (10 * token + 50 * voice),
} as const;

const tokenSamples = toneVoice.sampleRate * toneVoice.tokenSeconds;

/** What sherpa-onnx asks every VITS model for. */
const metadata = {
  sample_rate: toneVoice.sampleRate,
  n_speakers: toneVoice.voices,
  add_blank: 0,
  language: 'Chinese',
  comment: 'tones',
};

export function writeToneVoice(
  folder: string,
  without: readonly (keyof typeof metadata)[] = [],
): void {
  const facts = Object.entries(metadata).filter(([key]) => !without.some((left) => left === key));
  const scales = ['noise_scale', 'length_scale', 'noise_scale_w'];
  writeModel(
    folder,
    Object.fromEntries(facts),
    scales.map((name) => port(name, FLOAT, [1])),
  );
  const { words } = toneVoice;
  const lines = (of: (word: string, token: number) => string): string =>
    words.map((word, at) => `${of(word, at + 1)}\n`).join('');
  writeFileSync(join(folder, 'tokens.txt'), `_ 0\n${lines((_, token) => `t${token} ${token}`)}`);
  writeFileSync(
    join(folder, 'lexicon.txt'),
    lines((word, token) => `${word} t${token}`),
  );
}

/** One that reads by espeak-ng, as those of Piper do: its tokens are sounds. */
export function writePiperVoice(folder: string, espeakData: string): void {
  const facts = { ...metadata, comment: 'piper', voice: 'cmn' };
  writeModel(folder, facts, [port('scales', FLOAT, [3])]);
  const sounds = '_^$ abcdefghijklmnopqrstuvwxyz12345ɑəɛɪɕʂʈɹŋɔɡæ';
  const lines = [...sounds].map((sound, token) => `${sound} ${token}\n`);
  writeFileSync(join(folder, 'tokens.txt'), lines.join(''));
  symlinkSync(espeakData, join(folder, 'espeak-ng-data'));
}

type Port = ReturnType<typeof port>;

function writeModel(
  folder: string,
  facts: Readonly<Record<string, string | number>>,
  scales: readonly Port[],
): void {
  mkdirSync(folder, { recursive: true });
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    metadataProps: Object.entries(facts).map(([key, value]) => ({ key, value: String(value) })),
    graph: {
      ...graph,
      input: [
        port('x', INT64, [1, 'tokens']),
        port('x_length', INT64, [1]),
        ...scales,
        port('sid', INT64, [1]),
      ],
    },
  });
  writeFileSync(join(folder, 'tones.onnx'), onnx.ModelProto.encode(model).finish());
}

const node = (opType: string, input: readonly string[], output: string) => ({
  opType,
  name: output,
  input: [...input],
  output: [output],
});
const asFloat = (input: string, output: string) => ({
  ...node('Cast', [input], output),
  attribute: [{ name: 'to', type: AttributeType.INT, i: FLOAT }],
});
const floats = (name: string, values: readonly number[], dims: readonly number[]) => ({
  name,
  dims: [...dims],
  dataType: FLOAT,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});
const shape = (name: string, dims: readonly bigint[]) => ({
  name,
  dims: [dims.length],
  dataType: INT64,
  rawData: new Uint8Array(BigInt64Array.from(dims).buffer),
});
const port = (name: string, elemType: number, dims: readonly (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: {
        dim: dims.map((dim) => (typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim })),
      },
    },
  },
});

const graph = {
  name: 'tones',
  output: [port('y', FLOAT, [1, 1, 'samples'])],
  initializer: [
    floats('ofToken', [10], [1]),
    floats('ofVoice', [50], [1]),
    floats('loudness', [0.3], [1]),
    floats(
      'turn',
      Array.from({ length: tokenSamples }, (_, at) => (2 * Math.PI * at) / tokenSamples),
      [1, 1, tokenSamples],
    ),
    shape('perToken', [1n, -1n, 1n]),
    shape('inOneRow', [1n, 1n, -1n]),
  ],
  node: [
    asFloat('x', 'token'),
    asFloat('sid', 'voice'),
    node('Mul', ['token', 'ofToken'], 'tokenTurns'),
    node('Mul', ['voice', 'ofVoice'], 'voiceTurns'),
    node('Add', ['tokenTurns', 'voiceTurns'], 'turns'),
    node('Reshape', ['turns', 'perToken'], 'column'),
    node('Mul', ['column', 'turn'], 'phase'),
    node('Sin', ['phase'], 'wave'),
    node('Mul', ['wave', 'loudness'], 'quiet'),
    node('Reshape', ['quiet', 'inOneRow'], 'y'),
  ],
};
