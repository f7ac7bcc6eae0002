/** Holding the key: one talk at a time, let go when the key is, when the window loses the focus, and when the page is left. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { openTalk, type TalkLink, type TalkState } from './talk-link.ts';

export type HeldTalk = Readonly<{ state: TalkState; press: () => void; letGo: () => void }>;

export function useTalk(path: string): HeldTalk {
  const [state, setState] = useState<TalkState>({ kind: 'idle' });
  const link = useRef<TalkLink>(undefined);

  const letGo = useCallback(() => {
    link.current?.release();
    link.current = undefined;
  }, []);
  const press = useCallback(() => {
    if (link.current === undefined) link.current = openTalk(path, setState);
  }, [path]);
  useEffect(() => {
    window.addEventListener('blur', letGo);
    return () => {
      window.removeEventListener('blur', letGo);
      letGo();
    };
  }, [letGo]);
  return { state, press, letGo };
}
