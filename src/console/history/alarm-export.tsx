/** The button that takes an alarm out of the centre; only shown to those who may. */
import { Button } from 'antd';
import { useState } from 'react';
import { AskExport } from '../alarms/ask-export.tsx';
import { useTexts } from '../i18n/language.tsx';

export function AlarmExport({ alarmId }: Readonly<{ alarmId: string }>) {
  const { alarms } = useTexts();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        type="link"
        size="small"
        onClick={() => setAsking(true)}
        data-testid={`export-${alarmId}`}
      >
        {alarms.export}
      </Button>
      {isAsking ? <AskExport alarmId={alarmId} done={() => setAsking(false)} /> : null}
    </>
  );
}
