/** Hands what the centre orders to whoever does it. */
import type { CameraCommand } from '../contract/edge-report.ts';
import type { LiveView } from './live/live-view.ts';
import type { ReplayDesk } from './replay-desk.ts';
import type { WarningDesk } from './warning-desk.ts';

export function commandTaker(
  live: Pick<LiveView, 'start' | 'stop'>,
  warnings: Pick<WarningDesk, 'take'>,
  replays: Pick<ReplayDesk, 'take'>,
): (command: CameraCommand) => void {
  return (command) => {
    switch (command.kind) {
      case 'start-live':
        live.start(command);
        break;
      case 'stop-live':
        live.stop(command);
        break;
      case 'watch-leaving':
        warnings.take(command);
        break;
      case 'replay-rule':
        replays.take(command);
        break;
      default:
        command satisfies never;
    }
  };
}
