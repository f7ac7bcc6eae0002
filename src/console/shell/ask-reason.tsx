/** Asks why before something is done that has to be answered for. The reason stands in the register. */
import { Input, Modal, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../i18n/language.tsx';

/** What the centre takes for a reason. */
const leastLength = 3;

/** Mounted while it asks. `busy` and `fault` are those of what was ordered. */
export function AskReason({
  title,
  hint,
  placeholder,
  mostLength = 300,
  busy = false,
  fault,
  onGiven,
  onCancel,
}: Readonly<{
  title: string;
  hint?: ReactNode;
  placeholder: string;
  mostLength?: number;
  busy?: boolean;
  fault?: string | undefined;
  onGiven: (reason: string) => void;
  onCancel: () => void;
}>) {
  const { administration } = useTexts();
  const [reason, setReason] = useState('');
  const given = reason.trim();
  const isEnough = given.length >= leastLength;
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={administration.users.cancel}
      okButtonProps={{ disabled: !isEnough, loading: busy }}
      onOk={() => onGiven(given)}
      onCancel={onCancel}
    >
      {hint === undefined ? null : (
        <Typography.Paragraph type="secondary">{hint}</Typography.Paragraph>
      )}
      <Input
        autoFocus
        data-testid="reason"
        placeholder={placeholder}
        value={reason}
        maxLength={mostLength}
        onChange={({ target }) => setReason(target.value)}
        onPressEnter={({ nativeEvent }) => {
          // Enter also ends a word that is being composed in Chinese.
          if (isEnough && !busy && !nativeEvent.isComposing) onGiven(given);
        }}
      />
      {fault === undefined ? null : <Typography.Text type="danger">{fault}</Typography.Text>}
    </Modal>
  );
}
