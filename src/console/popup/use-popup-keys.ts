/**
 * The keyboard of the pop-up. Keys mean nothing while somebody is typing (Escape then only leaves the field), and for a
 * moment after another alarm has come before the operator: a key meant for the one before must not answer it unseen.
 * Nor does the rest of a sentence whose field was taken away: it is over when the keyboard has been still for a while.
 */
import { useEffect, useRef, useState } from 'react';
import { useSound } from '../shell/sound.tsx';
import type { PopupAnswer } from './popup-answer.ts';
import { type PopupCommand, popupCommand } from './popup-keys.ts';

const unseenMs = 500;
const stillMs = 1_500;

/** Answers whether somebody is typing, so that the pop-up can say that its keys are paused. */
export function usePopupKeys(answer: PopupAnswer, busy: boolean): boolean {
  const { toggleMute } = useSound();
  const typing = useTyping();
  const shownSince = useRef(performance.now());
  const latest = useRef({ answer, busy, toggleMute });
  latest.current = { answer, busy, toggleMute };

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isOfLostSentence(event)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      if (isTakenElsewhere(event)) return;
      const command = popupCommand(event);
      if (command === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const now = latest.current;
      if (now.busy || performance.now() - shownSince.current < unseenMs) return;
      obey(command, now.answer, now.toggleMute);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    window.addEventListener('pointerdown', endSentence, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      window.removeEventListener('pointerdown', endSentence, { capture: true });
    };
  }, []);
  return typing;
}

function obey(command: PopupCommand, answer: PopupAnswer, toggleMute: () => void): void {
  switch (command) {
    case 'acknowledge':
      answer.acknowledge();
      break;
    case 'false-alarm':
    case 'handled':
      answer.close(command);
      break;
    case 'put-aside':
      answer.putAside();
      break;
    case 'next':
      answer.step(1);
      break;
    case 'previous':
      answer.step(-1);
      break;
    case 'silence':
      answer.silence();
      break;
    case 'play-clip':
    case 'hold':
    case 'export':
      answer.order(command);
      break;
    case 'mute':
      toggleMute();
      break;
    default:
      command satisfies never;
  }
}

function useTyping(): boolean {
  const [typing, setTyping] = useState(isTyping);
  useEffect(() => {
    const look = (): void => setTyping(isTyping());
    window.addEventListener('focusin', look);
    window.addEventListener('focusout', look);
    return () => {
      window.removeEventListener('focusin', look);
      window.removeEventListener('focusout', look);
    };
  }, []);
  return typing;
}

const fields = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';

export function isTyping(): boolean {
  return document.activeElement?.matches(fields) ?? false;
}

/** A dialogue over the pop-up has the keys to itself, its buttons too; so has a field that is written in, but for Escape. */
function isTakenElsewhere({ key }: KeyboardEvent): boolean {
  if (document.activeElement?.closest('[role=dialog]')) return true;
  if (!isTyping()) return false;
  if (key === 'Escape') leaveField();
  return true;
}

/** The field that was written in last; it outlives the alarm that it belonged to. */
let lastWritten: Readonly<{ field: Element; atMs: number }> | undefined;

/** Whoever reaches for the mouse, or sends off what was written, has ended it. */
function endSentence(): void {
  lastWritten = undefined;
}

/** To be asked at every key: whether it goes on with what was written in a field that is gone. */
function isOfLostSentence({ key }: KeyboardEvent): boolean {
  const atMs = performance.now();
  const field = document.activeElement;
  if (field !== null && isTyping()) {
    const isEnded = key === 'Escape' || (key === 'Enter' && field instanceof HTMLInputElement);
    lastWritten = isEnded ? undefined : { field, atMs };
    return false;
  }
  const isLost =
    lastWritten !== undefined &&
    !lastWritten.field.isConnected &&
    atMs - lastWritten.atMs < stillMs;
  lastWritten = isLost && lastWritten !== undefined ? { ...lastWritten, atMs } : undefined;
  return isLost;
}

export function leaveField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
