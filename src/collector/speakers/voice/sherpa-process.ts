/**
 * The process in which sherpa-onnx speaks: what it is to do comes by stdin, the sound goes into a file, and what went
 * wrong is the last line of stderr. A process of its own, because the library ends the one that it is in when a model is
 * wrong, brings an ONNX Runtime that must not meet another one, and holds espeak-ng, whose licence (GPL-3.0-or-later) is
 * that of a program apart.
 */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { text as whole } from 'node:stream/consumers';
import { because } from '../../../contract/reason.ts';
import type { SherpaOrder } from './vits-model.ts';
import { wavFile } from './wav-file.ts';

try {
  await carryOut(JSON.parse(await whole(process.stdin)) as SherpaOrder);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function carryOut({ model, speakerNumber, speech }: SherpaOrder): Promise<void> {
  const { OfflineTts } = await loadLibrary();
  const voice = new OfflineTts({
    model: {
      vits: {
        model: model.onnx,
        tokens: model.tokens,
        ...(model.lexicon === undefined ? {} : { lexicon: model.lexicon }),
        ...(model.espeakData === undefined ? {} : { dataDir: model.espeakData }),
      },
    },
    // A long text takes no more memory than its longest sentence.
    maxNumSentences: 1,
    ruleFsts: model.rules.join(','),
  });
  // The library would speak with another voice and say nothing of it.
  if (speakerNumber > 0 && speakerNumber >= voice.numSpeakers)
    throw new Error(
      because('speech-model-voices', {
        number: speakerNumber,
        last: Math.max(0, voice.numSpeakers - 1),
      }),
    );
  if (speech === undefined) return;
  const sound = spoken(() =>
    voice.generate({ text: speech.text, generationConfig: { sid: speakerNumber } }),
  );
  const samples = Int16Array.from(sound.samples, (sample) =>
    Math.round(Math.max(-1, Math.min(1, sample)) * 32767),
  );
  await writeFile(speech.wavPath, wavFile({ sampleRate: sound.sampleRate, samples }));
}

type Sound = Readonly<{ sampleRate: number; samples: Float32Array }>;

function spoken(generate: () => Sound): Sound {
  try {
    return generate();
  } catch {
    throw new Error(because('speech-model-no-sound'));
  }
}

async function loadLibrary() {
  try {
    return (await import('sherpa-onnx-node')).default;
  } catch (error) {
    if (isMissing(error))
      throw new Error(because('speech-package-missing', { name: 'sherpa-onnx-node' }));
    throw new Error(whyNot(`${process.platform}-${process.arch}`));
  }
}

/** The package tries several places and keeps to itself what was wrong with the right one. */
function whyNot(machine: string): string {
  const name = `sherpa-onnx-${machine}`;
  try {
    createRequire(import.meta.url)(name);
    return because('speech-library-broken', {
      machine,
      error: 'sherpa-onnx-node does not find it',
    });
  } catch (error) {
    return isMissing(error)
      ? because('speech-package-missing', { name })
      : because('speech-library-broken', { machine, error: String(error).split('\n')[0] ?? '' });
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')
  );
}
