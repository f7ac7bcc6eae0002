/** Pages and their addresses. */
import { expect, it } from 'vitest';
import { addressOf, type Route, readRoute } from './route.ts';

it.each<[Route]>([
  [{ page: 'wall' }],
  [{ page: 'cameras' }],
  [{ page: 'history' }],
  [{ page: 'speakers' }],
  [{ page: 'keeping' }],
  [{ page: 'rules', cameraId: 'lane-east' }],
])('finds the page %j again by its address', (route) => {
  expect(readRoute(addressOf(route))).toEqual(route);
});

it.each(['', '#', '#/', '#/nowhere', '#/wall/x'])('shows the wall for %j', (hash) => {
  expect(readRoute(hash)).toEqual({ page: 'wall' });
});

it('takes no camera id that could be something else', () => {
  expect(readRoute('#/cameras/..%2Fx')).toEqual({ page: 'cameras' });
});
