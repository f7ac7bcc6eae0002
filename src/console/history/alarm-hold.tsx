/** The button that holds an alarm as evidence, or releases it; only shown to those who may. */
import { Button } from 'antd';
import { useState } from 'react';
import type { AlarmView } from '../../contract/console-api.ts';
import { useTexts } from '../i18n/language.tsx';
import { AskHold } from '../popup/ask-hold.tsx';

export function AlarmHold({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const { keeping } = useTexts();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        type="link"
        size="small"
        onClick={() => setAsking(true)}
        data-testid={`hold-${alarm.alarmId}`}
      >
        {alarm.hold === undefined ? keeping.hold : keeping.release}
      </Button>
      {isAsking ? <AskHold alarm={alarm} done={() => setAsking(false)} /> : null}
    </>
  );
}
