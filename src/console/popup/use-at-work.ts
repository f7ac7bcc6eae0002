/** While it is active the operator is at something that only an emergency may cover. */
import { useEffect } from 'react';
import { usePopups } from './popup-context.tsx';

export function useAtWork(active: boolean): void {
  const { dispatch } = usePopups();
  useEffect(() => {
    if (!active) return;
    dispatch({ kind: 'at-work', atWork: true });
    return () => dispatch({ kind: 'at-work', atWork: false });
  }, [active, dispatch]);
}
