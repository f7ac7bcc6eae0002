/** Which pages a role has, in the order of the navigation. Pure. */
import { type Action, may, type Role } from '../../contract/access-rights.ts';
import type { Route } from './route.ts';

type Page = Exclude<Route['page'], 'rules'>;

/** Any of the actions opens the page, which then shows what they allow. */
const needs: readonly (readonly [Page, ...Action[]])[] = [
  ['wall', 'live.watch'],
  ['map', 'live.watch'],
  ['cameras', 'rules.read'],
  ['speakers', 'rules.read'],
  ['history', 'alarm.read'],
  ['voice', 'rules.read'],
  ['users', 'user.manage'],
  ['edges', 'edge.enrol'],
  ['register', 'audit.read'],
  ['keeping', 'recording.hold', 'audit.read'],
];

export function pagesOf(role: Role): readonly Page[] {
  return needs.flatMap(([page, ...actions]) =>
    actions.some((action) => may(role, action)) ? [page] : [],
  );
}

/** The route, or the first page that the role has when it may not see that one. */
export function routeFor(role: Role, route: Route): Route {
  const pages = pagesOf(role);
  const page = route.page === 'rules' ? 'cameras' : route.page;
  if (pages.includes(page)) return route;
  return { page: pages[0] ?? 'wall' };
}
