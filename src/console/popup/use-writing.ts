/**
 * While the operator writes about the alarm that is shown, no other takes its place. Whoever has stopped writing and left
 * the field open does not hold up the next one.
 */
import { useEffect } from 'react';
import { usePopups } from './popup-context.tsx';

const restMs = 15_000;

export function useWriting(active: boolean): void {
  const { dispatch } = usePopups();
  useEffect(() => {
    if (!active) return;
    let timer: number | undefined;
    const tell = (writing: boolean): void => dispatch({ kind: 'writing', writing });
    const written = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(tell, restMs, false);
      tell(true);
    };
    written();
    window.addEventListener('keydown', written);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('keydown', written);
      tell(false);
    };
  }, [active, dispatch]);
}
