/** Whether the duty room may be heard: unlocked by the first click (browsers demand one), muted by the operator. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { createSiren, type Siren } from '../popup/siren.ts';

type Sound = Readonly<{
  siren: Siren;
  unlocked: boolean;
  muted: boolean;
  toggleMute: () => void;
}>;

const siren = createSiren();
const SoundContext = createContext<Sound>({
  siren,
  unlocked: false,
  muted: false,
  toggleMute: () => undefined,
});

/** Muting is not remembered over a reload: a silent duty room must be somebody's decision of today. */
export function SoundProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [unlocked, setUnlocked] = useState(false);
  const [muted, setMuted] = useState(false);
  useEffect(() => {
    const unlock = (): void => {
      siren.unlock().then(setUnlocked, () => setUnlocked(false));
    };
    // Allowed at once where the browser's policy says so; else by the sign-in click or any other.
    unlock();
    window.addEventListener('pointerdown', unlock);
    window.addEventListener('keydown', unlock);
    return () => {
      window.removeEventListener('pointerdown', unlock);
      window.removeEventListener('keydown', unlock);
    };
  }, []);
  const sound = useMemo(
    () => ({ siren, unlocked, muted, toggleMute: () => setMuted((now) => !now) }),
    [unlocked, muted],
  );
  return <SoundContext value={sound}>{children}</SoundContext>;
}

export function useSound(): Sound {
  return useContext(SoundContext);
}
