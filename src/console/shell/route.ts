/** Which page is shown: kept in the address after `#`, so that it survives a reload and the back button works. */
import { useSyncExternalStore } from 'react';

export type Route =
  | Readonly<{ page: 'wall' | 'cameras' | 'history' }>
  | Readonly<{ page: 'rules'; cameraId: string }>;

export function readRoute(hash: string): Route {
  const [page, cameraId] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'cameras' && cameraId !== undefined && /^[a-z0-9-]{1,32}$/.test(cameraId)) {
    return { page: 'rules', cameraId };
  }
  return page === 'cameras' || page === 'history' ? { page } : { page: 'wall' };
}

export function addressOf(route: Route): string {
  return route.page === 'rules' ? `#/cameras/${route.cameraId}` : `#/${route.page}`;
}

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
