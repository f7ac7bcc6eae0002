/** Which page is shown, as it stands in the address after `#`. Pure. */

export type Route =
  | Readonly<{
      page:
        | 'wall'
        | 'map'
        | 'cameras'
        | 'history'
        | 'speakers'
        | 'voice'
        | 'users'
        | 'edges'
        | 'register'
        | 'keeping';
    }>
  | Readonly<{ page: 'rules'; cameraId: string }>;

export function readRoute(hash: string): Route {
  const [page, cameraId] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'cameras' && cameraId !== undefined && /^[a-z0-9-]{1,32}$/.test(cameraId)) {
    return { page: 'rules', cameraId };
  }
  const known = [
    'map',
    'cameras',
    'history',
    'speakers',
    'voice',
    'users',
    'edges',
    'register',
    'keeping',
  ] as const;
  return { page: known.find((one) => one === page) ?? 'wall' };
}

export function addressOf(route: Route): string {
  return route.page === 'rules' ? `#/cameras/${route.cameraId}` : `#/${route.page}`;
}
