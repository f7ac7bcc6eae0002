/** Keys of the pop-up. */
import { describe, expect, it } from 'vitest';
import { popupCommand } from './popup-keys.ts';

const press = { repeat: false, ctrlKey: false, altKey: false, metaKey: false };

describe('popup keys', () => {
  it.each([
    [' ', 'acknowledge'],
    ['Enter', 'acknowledge'],
    ['f', 'false-alarm'],
    ['F', 'false-alarm'],
    ['h', 'handled'],
    ['Escape', 'put-aside'],
    ['ArrowRight', 'next'],
    ['ArrowLeft', 'previous'],
    ['m', 'mute'],
    ['s', 'silence'],
    ['p', 'play-clip'],
    ['k', 'hold'],
    ['e', 'export'],
    ['x', undefined],
    ['constructor', undefined],
  ])('%j means %s', (key, command) => {
    expect(popupCommand({ ...press, key })).toBe(command);
  });

  it('acts once while a key is held down, and leaves shortcuts of the browser alone', () => {
    expect(popupCommand({ ...press, key: ' ', repeat: true })).toBeUndefined();
    expect(popupCommand({ ...press, key: 'f', ctrlKey: true })).toBeUndefined();
    expect(popupCommand({ ...press, key: 'h', metaKey: true })).toBeUndefined();
  });
});
