/** Calls the operator while something has not been acknowledged: the siren sounds and the page's title flashes. */
import { useEffect } from 'react';
import type { AlarmView } from '../../contract/console-api.ts';
import type { Severity } from '../../contract/rule-response.ts';
import { useTexts } from '../i18n/language.tsx';
import { useSound } from '../shell/sound.tsx';

const flashMs = 900;

export function useAlarmCall(severity: Severity | undefined, shown: AlarmView | undefined): void {
  const { siren, muted, unlocked } = useSound();
  const texts = useTexts();

  useEffect(() => {
    siren.sound(muted || !unlocked ? undefined : severity);
  }, [siren, muted, unlocked, severity]);
  useEffect(() => () => siren.sound(undefined), [siren]);

  const quietTitle = `${texts.product} ${texts.dutyRoom}`;
  const calling = shown?.state === 'raised';
  const callTitle = `【${texts.severity[shown?.severity ?? 'warning']}】${shown?.cameraName ?? ''}`;
  useEffect(() => {
    document.title = calling ? callTitle : quietTitle;
    if (!calling) return;
    const timer = window.setInterval(() => {
      document.title = document.title === callTitle ? '●●●●●●●●' : callTitle;
    }, flashMs);
    return () => window.clearInterval(timer);
  }, [calling, callTitle, quietTitle]);
}
