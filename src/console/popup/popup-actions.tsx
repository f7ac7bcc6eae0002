/** The answers as large buttons, each with its key. They never take the focus, so that Space always means the alarm. */
import { Input } from 'antd';
import type { MouseEvent } from 'react';
import type { AlarmView } from '../../contract/console-api.ts';
import { isSpeaking } from '../alarms/use-silence.ts';
import { useTexts } from '../i18n/language.tsx';
import type { PopupAnswer } from './popup-answer.ts';
import { leaveField } from './use-popup-keys.ts';

export type PopupNote = Readonly<{
  text: string;
  write: (text: string) => void;
  /** The field has the focus, or has lost it. */
  setOpen: (isOpen: boolean) => void;
}>;

export function PopupActions({
  alarm,
  answer,
  busy,
  note,
  typing,
}: Readonly<{
  alarm: AlarmView;
  answer: PopupAnswer;
  busy: boolean;
  note: PopupNote;
  typing: boolean;
}>) {
  const texts = useTexts();
  const { popup } = texts;
  const closed = alarm.state === 'closed';
  return (
    <div className="popup-actions">
      {typing ? (
        <button type="button" className="popup-typing" onClick={leaveField}>
          {popup.typing}
        </button>
      ) : null}
      <NoteField note={note} disabled={closed} />
      {isSpeaking(alarm) ? (
        <Answer
          look="silence"
          word={popup.silence}
          keyName={popup.keys.silence}
          onAnswer={answer.silence}
        />
      ) : null}
      <Answer
        look="primary"
        word={alarm.state === 'raised' ? popup.acknowledge : popup.next}
        keyName={popup.keys.acknowledge}
        disabled={busy}
        onAnswer={answer.acknowledge}
      />
      <Answer
        word={popup.falseAlarm}
        keyName={popup.keys.falseAlarm}
        disabled={busy || closed}
        onAnswer={() => answer.close('false-alarm')}
      />
      <Answer
        word={popup.handled}
        keyName={popup.keys.handled}
        disabled={busy || closed}
        onAnswer={() => answer.close('handled')}
      />
      <Answer
        look="quiet"
        word={popup.known}
        disabled={busy || closed}
        onAnswer={() => answer.close('known-person')}
      />
      <Answer
        look="quiet"
        word={popup.aside}
        keyName={popup.keys.aside}
        onAnswer={answer.putAside}
      />
    </div>
  );
}

function NoteField({ note, disabled }: Readonly<{ note: PopupNote; disabled: boolean }>) {
  const { popup } = useTexts();
  return (
    <Input.TextArea
      className="popup-wide"
      placeholder={popup.note}
      value={note.text}
      rows={1}
      maxLength={300}
      disabled={disabled}
      onChange={(event) => note.write(event.target.value)}
      onFocus={() => note.setOpen(true)}
      onBlur={() => note.setOpen(false)}
    />
  );
}

const keepFocus = (event: MouseEvent): void => event.preventDefault();

function Answer({
  word,
  keyName,
  look = 'plain',
  disabled = false,
  onAnswer,
}: Readonly<{
  word: string;
  keyName?: string;
  look?: 'primary' | 'plain' | 'quiet' | 'silence';
  disabled?: boolean;
  onAnswer: () => void;
}>) {
  return (
    <button
      type="button"
      className={`answer answer-${look}`}
      disabled={disabled}
      tabIndex={-1}
      onMouseDown={keepFocus}
      onClick={onAnswer}
    >
      {word}
      {keyName === undefined ? null : <kbd>{keyName}</kbd>}
    </button>
  );
}
