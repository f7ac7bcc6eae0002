/** Plays one sound at a time in the browser, for listening before the lane hears it. */
import { useCallback, useEffect, useRef, useState } from 'react';

export type SoundPlayer = Readonly<{
  /** What is being fetched or played. */
  playing: string | undefined;
  /** Plays it from the start; the same key again stops it. Rejects when the sound cannot be had. */
  toggle: (key: string, sound: () => Promise<Blob>) => Promise<void>;
}>;

export function useSoundPlayer(): SoundPlayer {
  const [playing, setPlaying] = useState<string>();
  const current = useRef<Readonly<{ key: string; stop: () => void }>>(undefined);

  const stop = useCallback(() => {
    current.current?.stop();
    current.current = undefined;
    setPlaying(undefined);
  }, []);
  useEffect(() => stop, [stop]);

  const toggle = useCallback(
    async (key: string, sound: () => Promise<Blob>) => {
      const wasPlaying = current.current?.key === key;
      stop();
      if (wasPlaying) return;
      const audio = new Audio();
      const mine = { key, stop: () => release(audio) };
      current.current = mine;
      setPlaying(key);
      const end = (): void => {
        if (current.current === mine) stop();
      };
      try {
        audio.src = URL.createObjectURL(await sound());
        // Another one may have been asked for while this one was on its way.
        if (current.current !== mine) return release(audio);
        audio.onended = end;
        await audio.play();
      } catch (error) {
        end();
        throw error;
      }
    },
    [stop],
  );
  return { playing, toggle };
}

function release(audio: HTMLAudioElement): void {
  audio.pause();
  if (audio.src.startsWith('blob:')) URL.revokeObjectURL(audio.src);
}
