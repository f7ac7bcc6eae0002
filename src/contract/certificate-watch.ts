/**
 * Tells in time that a peer's certificate runs out: a link that refuses it from one day to the next would be a silent
 * camera cluster. Looks when the connection opens and once a day while it lasts.
 */
const tellWithinDays = 14;
const dayMs = 86_400_000;

/** As an MQTT client has it; the stream is a TLS socket or a plain one. */
type Connected = Readonly<{
  stream: object;
  on: (event: 'connect' | 'close', listener: () => void) => unknown;
}>;

export function watchCertificate(
  client: Connected,
  tell: (daysLeft: number) => void,
  now: () => number = Date.now,
): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = (): void => {
    const days = daysLeft(client.stream, now());
    if (days !== undefined && days < tellWithinDays) tell(days);
  };
  client.on('connect', () => {
    clearInterval(timer);
    timer = setInterval(look, dayMs);
    look();
  });
  client.on('close', () => clearInterval(timer));
}

/** Whole days; undefined for a connection without a certificate. */
function daysLeft(stream: object, nowMs: number): number | undefined {
  const { getPeerCertificate } = stream as {
    getPeerCertificate?: () => { valid_to?: string } | null;
  };
  const end = Date.parse(getPeerCertificate?.call(stream)?.valid_to ?? '');
  return Number.isNaN(end) ? undefined : Math.floor((end - nowMs) / dayMs);
}
