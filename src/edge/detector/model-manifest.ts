/**
 * The manifest beside an ONNX file says what kind of detector it is. Any model of a known family works by writing one.
 * The file's sha256 is verified before it is used, so a half-copied model is found at the start and not at night.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { createCheck } from '../../contract/check.ts';
import { trustedPath } from '../../contract/signed-files.ts';
import { cocoClasses } from './coco-classes.ts';

const ModelManifest = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  version: Type.String({ minLength: 1, maxLength: 120 }),
  /** How the outputs are read: nanodet, yolox, yolov8 (also 11), detr (also RT-DETR, D-FINE, RF-DETR). */
  family: Type.Union([
    Type.Literal('nanodet'),
    Type.Literal('yolox'),
    Type.Literal('yolov8'),
    Type.Literal('detr'),
  ]),
  /** File name beside the manifest. */
  file: Type.String({ minLength: 1, pattern: '^[^/\\\\]+$' }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  input: Type.Object({
    width: Type.Integer({ minimum: 32, maximum: 4096 }),
    height: Type.Integer({ minimum: 32, maximum: 4096 }),
    layout: Type.Union([Type.Literal('nhwc'), Type.Literal('nchw')]),
    type: Type.Union([Type.Literal('uint8'), Type.Literal('float32')]),
    colours: Type.Union([Type.Literal('rgb'), Type.Literal('bgr')]),
    /** float32 only: value = (pixel - mean) / deviation; without it pixels are divided by 255. */
    mean: Type.Optional(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 })),
    deviation: Type.Optional(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 })),
  }),
  classes: Type.Union([Type.Literal('coco'), Type.Array(Type.String(), { minItems: 1 })]),
  licence: Type.String({ minLength: 1 }),
});
type ModelManifest = Readonly<Static<typeof ModelManifest>>;

/** What everybody but the session needs to know of a loaded model. */
export type ModelFacts = Readonly<{
  version: string;
  family: ModelManifest['family'];
  modelPath: string;
  input: ModelManifest['input'];
  classes: readonly string[];
}>;

/** A model that cannot be used; the message says which file and what to do. */
export class ModelError extends Error {
  readonly code:
    | 'model-missing'
    | 'model-damaged'
    | 'model-refused'
    | 'manifest-invalid'
    | 'model-unusable'
    | 'provider-unavailable';
  constructor(code: ModelError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ModelError';
    this.code = code;
  }
}

const check = createCheck(ModelManifest);

/** Reads and verifies; where a key is trusted, what it has signed. Throws ModelError. */
export function loadModel(givenPath: string, environment = process.env): ModelFacts {
  const manifestPath = trusted(givenPath, environment);
  const text = read(manifestPath, 'the model manifest');
  const manifest = check(parse(text.toString(), manifestPath));
  if (!manifest.ok) {
    throw new ModelError(
      'manifest-invalid',
      `${manifestPath}: ${manifest.reason}; correct the manifest`,
    );
  }
  const { file, sha256, version, family, input, classes } = manifest.value;
  const modelPath = join(dirname(manifestPath), file);
  const actual = createHash('sha256').update(read(modelPath, 'the model')).digest('hex');
  if (actual !== sha256) {
    throw new ModelError(
      'model-damaged',
      `${modelPath} is not the file that ${manifestPath} describes (sha256 differs); run scripts/build-model or copy the model again`,
    );
  }
  return { version, family, modelPath, input, classes: classes === 'coco' ? cocoClasses : classes };
}

function trusted(path: string, environment: typeof process.env): string {
  try {
    return trustedPath(path, environment);
  } catch (cause) {
    throw new ModelError('model-refused', (cause as Error).message, cause);
  }
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ModelError(
      'model-missing',
      `${what} ${path} cannot be read; run scripts/build-model, or correct detector.manifest in the configuration`,
      cause,
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError(
      'manifest-invalid',
      `${path} is no JSON: ${String(cause)}; correct the manifest`,
      cause,
    );
  }
}
