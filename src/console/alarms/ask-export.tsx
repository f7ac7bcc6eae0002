/** Takes an alarm out of the centre as a signed file, after asking why. */
import { useMutation } from '@tanstack/react-query';
import { errorText } from '../api/error-text.ts';
import { exportAlarm } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { AskReason } from '../shell/ask-reason.tsx';

export function AskExport({ alarmId, done }: Readonly<{ alarmId: string; done: () => void }>) {
  const texts = useTexts();
  const words = texts.alarms;
  const saving = useMutation({
    mutationFn: (reason: string) => exportAlarm(alarmId, reason),
    onSuccess: (file) => {
      offer(file, `alarm-${alarmId}.tar`);
      done();
    },
  });
  return (
    <AskReason
      title={words.export}
      hint={words.exportHint}
      placeholder={words.exportReason}
      mostLength={500}
      busy={saving.isPending}
      fault={saving.isError ? errorText(saving.error, texts) : undefined}
      onGiven={saving.mutate}
      onCancel={done}
    />
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
