/** The present, once a second: for the clock on the wall and for "12 s ago". */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const NowContext = createContext(0);

export function ClockProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return <NowContext value={nowMs}>{children}</NowContext>;
}

export function useNowMs(): number {
  return useContext(NowContext);
}
