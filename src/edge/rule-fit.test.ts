/** Rules and the picture they were drawn on. */
import { expect, test } from 'vitest';
import { createRuleFit } from './rule-fit.ts';

const small = { width: 640, height: 360 };
const large = { width: 1280, height: 720 };
const square = { width: 640, height: 480 };

test('rules stay on a picture of the same shape, and it is said', () => {
  const fit = createRuleFit('gate');
  expect(fit.picture(small, 3)).toBe(false);
  expect(fit.sentence()).toBeUndefined();
  expect(fit.picture(large, 3)).toBe(true);
  expect(fit.picture(large, 3)).toBe(false);
  expect(fit.isSuspended()).toBe(false);
  expect(fit.sentence()).toMatch(/^camera gate: .* from 640x360 to 1280x720 of the same shape;/);
});

test('rules are suspended on a picture of another shape until the old one is back', () => {
  const fit = createRuleFit('gate');
  fit.picture(small, 3);
  expect(fit.picture(square, 3)).toBe(true);
  expect(fit.isSuspended()).toBe(true);
  expect(fit.sentence()).toMatch(/its rules are suspended; draw them again/);
  expect(fit.picture(large, 3)).toBe(true);
  expect(fit.isSuspended()).toBe(false);
  expect(fit.picture(small, 3)).toBe(true);
  expect(fit.sentence()).toBeUndefined();
});

test('rules that are drawn again fit the picture that is there', () => {
  const fit = createRuleFit('gate');
  fit.picture(small, 3);
  fit.picture(square, 3);
  expect(fit.picture(square, 4)).toBe(true);
  expect(fit.isSuspended()).toBe(false);
  expect(fit.sentence()).toBeUndefined();
});

test('the rounding of encoders is no other shape', () => {
  const fit = createRuleFit('gate');
  fit.picture({ width: 1920, height: 1080 }, 1);
  fit.picture({ width: 1920, height: 1088 }, 1);
  expect(fit.isSuspended()).toBe(false);
});
