/** The centre's clock jumped: nothing is deleted until an administrator says that the time is right. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { may } from '../../contract/access-rights.ts';
import { keys, useCentre, useRole } from '../api/queries.ts';
import { confirmClock } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import { useFailureNotice } from './failure-notice.tsx';

const timeText = (atMs: number): string => `${dateText(atMs)} ${clockText(atMs)}`;

export function ClockJump() {
  const { centre } = useTexts();
  const role = useRole();
  const jump = useCentre().data?.clockJump;
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const confirming = useMutation({
    mutationFn: confirmClock,
    onError: notifyFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.centre }),
  });
  if (jump === undefined) return null;
  return (
    <div className="feed-lost" role="alert" data-testid="clock-jump">
      {centre.clockJumped(timeText(jump.fromMs), timeText(jump.toMs))}
      {may(role, 'system.change') ? (
        <Button onClick={() => confirming.mutate()}>{centre.clockRight}</Button>
      ) : null}
    </div>
  );
}
