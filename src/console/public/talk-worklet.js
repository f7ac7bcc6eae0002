/** Takes the microphone's sound in the audio thread and hands it on as 16-bit samples, 20 ms at a time. */
const chunkLength = Math.round(sampleRate / 50);

class TalkCapture extends AudioWorkletProcessor {
  #chunk = new Int16Array(chunkLength);
  #filled = 0;

  process([input]) {
    const samples = input?.[0];
    if (samples === undefined) return true;
    for (const sample of samples) {
      const clipped = Math.max(-1, Math.min(1, sample));
      this.#chunk[this.#filled] = Math.round(clipped * 32767);
      this.#filled += 1;
      if (this.#filled === chunkLength) {
        const whole = this.#chunk;
        this.port.postMessage(whole, [whole.buffer]);
        this.#chunk = new Int16Array(chunkLength);
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('talk-capture', TalkCapture);
