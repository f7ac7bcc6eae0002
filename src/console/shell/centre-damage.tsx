/** The centre's database was damaged: what is missing in the lists must not be taken for a quiet week. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { may } from '../../contract/access-rights.ts';
import { keys, useCentre, useSession } from '../api/queries.ts';
import { forgetDamage } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, dateText } from '../i18n/time-text.ts';
import { useFailureNotice } from './failure-notice.tsx';

export function CentreDamage() {
  const { centre } = useTexts();
  const role = useSession().data?.role;
  const damage = useCentre().data?.damage;
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const looking = useMutation({
    mutationFn: forgetDamage,
    onError: notifyFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.centre }),
  });
  if (damage === undefined) return null;
  return (
    <div className="feed-lost" role="alert" data-testid="centre-damage">
      {centre.damaged(`${dateText(damage.atMs)} ${clockText(damage.atMs)}`)}
      <span>{centre.kept(damage.events, damage.alarms)}</span>
      {role !== undefined && may(role, 'system.change') ? (
        <Button onClick={() => looking.mutate()}>{centre.lookedAfter}</Button>
      ) : null}
    </div>
  );
}
