/** Keeping an alarm beyond its time, and letting it go again; both ask why. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useState } from 'react';
import { may } from '../../contract/access-rights.ts';
import type { AlarmView } from '../../contract/console-api.ts';
import { putAlarm, useRole } from '../api/queries.ts';
import { changeHold } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';
import { usePopups } from './popup-context.tsx';

export function PopupHold({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const { centre, administration } = useTexts();
  const role = useRole();
  const queries = useQueryClient();
  const { dispatch } = usePopups();
  const notifyFailure = useFailureNotice();
  const [reason, setReason] = useState<string>();
  const order = alarm.hold === undefined ? 'hold' : 'release';
  const changing = useMutation({
    mutationFn: (why: string) => changeHold(alarm.alarmId, order, why),
    onError: notifyFailure,
    onSuccess: (changed) => {
      putAlarm(queries, changed);
      dispatch({ kind: 'changed', alarm: changed });
    },
  });
  const given = (reason ?? '').trim();
  return (
    <>
      {alarm.hold === undefined ? null : (
        <p className="quiet">{centre.held(alarm.hold.by, alarm.hold.reason)}</p>
      )}
      {may(role, 'recording.hold') ? (
        <button
          type="button"
          className="popup-clip-play"
          data-testid="popup-hold"
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setReason('')}
        >
          {centre[order]}
        </button>
      ) : null}
      <Modal
        open={reason !== undefined}
        title={centre[order]}
        okText={centre[order]}
        cancelText={administration.users.cancel}
        okButtonProps={{ disabled: given.length < 3 }}
        onOk={() => {
          changing.mutate(given);
          setReason(undefined);
        }}
        onCancel={() => setReason(undefined)}
      >
        <Input
          placeholder={centre.holdReason}
          value={reason ?? ''}
          maxLength={300}
          onChange={({ target }) => setReason(target.value)}
        />
      </Modal>
    </>
  );
}
