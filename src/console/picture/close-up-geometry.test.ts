/** The part of a snapshot around the person. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closeUpOf } from './close-up-geometry.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

it('stays inside the picture, keeps the shape of its place and holds the middle of the person', () => {
  fc.assert(
    fc.property(
      fraction,
      fraction,
      fraction,
      fraction,
      fc.constantFrom(4 / 3, 16 / 9, 1, 9 / 16),
      (x1, x2, y1, y2, aspectRatio) => {
        const box = {
          left: Math.min(x1, x2),
          right: Math.max(x1, x2),
          top: Math.min(y1, y2),
          bottom: Math.max(y1, y2),
        };
        const place = 16 / 11;
        const part = closeUpOf(box, aspectRatio, place);
        expect(part.left).toBeGreaterThanOrEqual(0);
        expect(part.top).toBeGreaterThanOrEqual(0);
        expect(part.right).toBeLessThanOrEqual(1 + 1e-9);
        expect(part.bottom).toBeLessThanOrEqual(1 + 1e-9);
        const shape = ((part.right - part.left) * aspectRatio) / (part.bottom - part.top);
        expect(shape).toBeCloseTo(place);
        const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
        expect(middle[0]).toBeGreaterThanOrEqual(part.left - 1e-9);
        expect(middle[0]).toBeLessThanOrEqual(part.right + 1e-9);
        expect(middle[1]).toBeGreaterThanOrEqual(part.top - 1e-9);
        expect(middle[1]).toBeLessThanOrEqual(part.bottom + 1e-9);
      },
    ),
  );
});
