/** The part of a package without types that the voice room uses. */

declare module 'sherpa-onnx-node' {
  /** Ends the process when the model is not what it says. */
  class OfflineTts {
    readonly numSpeakers: number;
    constructor(
      config: Readonly<{
        model: Readonly<{
          vits: Readonly<{ model: string; tokens: string; lexicon?: string; dataDir?: string }>;
        }>;
        maxNumSentences: number;
        /** Files with commas between them. */
        ruleFsts: string;
      }>,
    );
    generate(
      request: Readonly<{ text: string; generationConfig: Readonly<{ sid: number }> }>,
    ): Readonly<{ sampleRate: number; samples: Float32Array }>;
  }

  const sherpa: Readonly<{ OfflineTts: typeof OfflineTts }>;
  export = sherpa;
}
