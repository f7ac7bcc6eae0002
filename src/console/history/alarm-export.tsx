/** Takes an alarm out of the centre as a file, after asking why; only shown to those who may. */
import { Button, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { errorText } from '../api/error-text.ts';
import { exportAlarm } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';

export function AlarmExport({ alarmId }: Readonly<{ alarmId: string }>) {
  const texts = useTexts();
  const words = texts.alarms;
  const [reason, setReason] = useState<string>();
  const [state, setState] = useState<Readonly<{ busy: boolean; fault?: string }>>({ busy: false });
  const isGiven = (reason ?? '').trim().length >= 3;
  const close = (): void => {
    setReason(undefined);
    setState({ busy: false });
  };
  const save = async (): Promise<void> => {
    setState({ busy: true });
    try {
      offer(await exportAlarm(alarmId, (reason ?? '').trim()), `alarm-${alarmId}.tar`);
      close();
    } catch (error) {
      setState({ busy: false, fault: errorText(error, texts) });
    }
  };
  return (
    <>
      <Button type="link" size="small" onClick={() => setReason('')}>
        {words.export}
      </Button>
      <Modal
        open={reason !== undefined}
        title={words.export}
        okText={words.export}
        cancelText={texts.administration.users.cancel}
        okButtonProps={{ disabled: !isGiven, loading: state.busy }}
        onOk={() => void save()}
        onCancel={close}
      >
        <Typography.Paragraph type="secondary">{words.exportHint}</Typography.Paragraph>
        <Input
          placeholder={words.exportReason}
          value={reason ?? ''}
          maxLength={500}
          onChange={({ target }) => setReason(target.value)}
        />
        {state.fault === undefined ? null : (
          <Typography.Text type="danger">{state.fault}</Typography.Text>
        )}
      </Modal>
    </>
  );
}

function offer(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
