/** The present of the centre, once a second: for the clock on the wall and for "12 s ago". */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { centreNowMs } from '../api/centre-clock.ts';

const NowContext = createContext(0);

export function ClockProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [nowMs, setNowMs] = useState(centreNowMs);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(centreNowMs()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return <NowContext value={nowMs}>{children}</NowContext>;
}

export function useNowMs(): number {
  return useContext(NowContext);
}
