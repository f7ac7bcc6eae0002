/** Pages and roles. */
import { expect, it } from 'vitest';
import { pagesOf, routeFor } from './pages.ts';

it.each([
  ['operator', 'wall map cameras speakers history voice'],
  ['supervisor', 'wall map cameras speakers history voice keeping'],
  ['administrator', 'wall map cameras speakers history voice users edges register keeping'],
  ['technician', 'wall map cameras speakers voice edges'],
  ['auditor', 'register keeping'],
] as const)('the %s has %s', (role, pages) => {
  expect(pagesOf(role).join(' ')).toBe(pages);
});

it('shows the first page of the role in place of one that it has not', () => {
  expect(routeFor('auditor', { page: 'rules', cameraId: 'cam-1' })).toEqual({ page: 'register' });
  expect(routeFor('operator', { page: 'users' })).toEqual({ page: 'wall' });
  expect(routeFor('technician', { page: 'edges' })).toEqual({ page: 'edges' });
});
