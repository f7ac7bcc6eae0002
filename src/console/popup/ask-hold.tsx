/** Keeping an alarm beyond its time, and letting it go again; both ask why. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlarmView } from '../../contract/console-api.ts';
import { errorText } from '../api/error-text.ts';
import { putAlarm } from '../api/queries.ts';
import { changeHold } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { AskReason } from '../shell/ask-reason.tsx';
import { usePopups } from './popup-context.tsx';

export function AskHold({ alarm, done }: Readonly<{ alarm: AlarmView; done: () => void }>) {
  const texts = useTexts();
  const { centre } = texts;
  const queries = useQueryClient();
  const { dispatch } = usePopups();
  const order = alarm.hold === undefined ? 'hold' : 'release';
  const changing = useMutation({
    mutationFn: (why: string) => changeHold(alarm.alarmId, order, why),
    onSuccess: (changed) => {
      putAlarm(queries, changed);
      dispatch({ kind: 'changed', alarm: changed });
      done();
    },
  });
  return (
    <AskReason
      title={centre[order]}
      placeholder={centre.holdReason}
      busy={changing.isPending}
      fault={changing.isError ? errorText(changing.error, texts) : undefined}
      onGiven={changing.mutate}
      onCancel={done}
    />
  );
}
