/**
 * The sound of an alarm: two tones, repeated until it is told to stop; the more severe, the higher and the closer together.
 * Browsers allow sound only after a click: `unlock` is called from one.
 */
import type { Severity } from '../../contract/rule-response.ts';

export type Siren = Readonly<{
  /** To be called from a click; answers whether sound is allowed now. */
  unlock: () => Promise<boolean>;
  isUnlocked: () => boolean;
  /** Sounds for this severity from now on, or falls silent. */
  sound: (severity: Severity | undefined) => void;
}>;

type Call = Readonly<{ tones: readonly [number, number]; everyMs: number; loudness: number }>;

const calls: Readonly<Record<Severity, Call>> = {
  information: { tones: [660, 550], everyMs: 6_000, loudness: 0.12 },
  warning: { tones: [880, 660], everyMs: 2_600, loudness: 0.22 },
  emergency: { tones: [1175, 880], everyMs: 1_100, loudness: 0.32 },
};
const toneSeconds = 0.22;

export function createSiren(): Siren {
  let context: AudioContext | undefined;
  let timer: number | undefined;
  let sounding: Severity | undefined;

  function call({ tones, loudness }: Call): void {
    if (context?.state !== 'running') return;
    const from = context.currentTime;
    tones.forEach((hertz, index) => {
      if (context !== undefined) tone(context, hertz, from + index * toneSeconds, loudness);
    });
  }

  return {
    unlock: async () => {
      context ??= new AudioContext();
      await context.resume();
      return context.state === 'running';
    },
    isUnlocked: () => context?.state === 'running',
    sound: (severity) => {
      if (severity === sounding) return;
      sounding = severity;
      window.clearInterval(timer);
      if (severity === undefined) return;
      const chosen = calls[severity];
      call(chosen);
      timer = window.setInterval(() => call(chosen), chosen.everyMs);
    },
  };
}

/** One tone with soft edges, so that it does not click. */
function tone(context: AudioContext, hertz: number, atSeconds: number, loudness: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, atSeconds);
  gain.gain.linearRampToValueAtTime(loudness, atSeconds + 0.015);
  gain.gain.setValueAtTime(loudness, atSeconds + toneSeconds - 0.05);
  gain.gain.linearRampToValueAtTime(0, atSeconds + toneSeconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(atSeconds);
  oscillator.stop(atSeconds + toneSeconds);
}
