/** Follows the address, so that the shown page survives a reload and the back button works; a guard may refuse to leave. */
import { useSyncExternalStore } from 'react';
import { type Route, readRoute } from './route.ts';

/** Asked before a page is left; answers whether it may be. */
type Guard = () => boolean;
let guard: Guard | undefined;
let shownHash = window.location.hash;

/** Returns the function that takes the guard away. */
export function guardLeaving(newGuard: Guard): () => void {
  guard = newGuard;
  return () => {
    if (guard === newGuard) guard = undefined;
  };
}

export function useRoute(): Route {
  return readRoute(useSyncExternalStore(listen, () => shownHash));
}

function listen(changed: () => void): () => void {
  const onHash = (): void => {
    const { hash } = window.location;
    if (hash === shownHash) return;
    if (guard !== undefined && !guard()) {
      history.replaceState(null, '', shownHash);
      return;
    }
    shownHash = hash;
    changed();
  };
  window.addEventListener('hashchange', onHash);
  return () => window.removeEventListener('hashchange', onHash);
}
