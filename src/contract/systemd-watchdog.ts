/**
 * Tells systemd that a service is well, as long as it is (sd_notify, https://www.freedesktop.org/software/systemd/man/sd_notify.html),
 * through the program `systemd-notify`, since Node opens no datagram socket of the file system. Without systemd it does nothing.
 */
import { execFile } from 'node:child_process';
import type { Logger } from 'pino';

export type Watchdog = Readonly<{ start: () => void; stop: () => void }>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `isWell` is asked twice within each of systemd's periods; while it is false nothing is told, and systemd restarts the service. */
export function createSystemdWatchdog(
  isWell: () => boolean,
  logger: Logger,
  environment: Environment = process.env,
): Watchdog {
  const hasSystemd = environment['NOTIFY_SOCKET'] !== undefined;
  const periodMs = Number(environment['WATCHDOG_USEC'] ?? 0) / 1000;
  let timer: NodeJS.Timeout | undefined;
  const tell = (state: string): void => {
    execFile('systemd-notify', [state], { env: { ...environment } }, (error) => {
      if (error !== null) logger.warn({ reason: error.message }, 'systemd could not be told');
    });
  };
  return {
    start: () => {
      if (!hasSystemd) return;
      tell('--ready');
      if (periodMs > 0) {
        timer = setInterval(() => {
          if (isWell()) tell('WATCHDOG=1');
          else logger.error({}, 'the service is not well; systemd is not told that it is');
        }, periodMs / 2);
      }
    },
    stop: () => clearInterval(timer),
  };
}
