/**
 * Tells in time that a peer's certificate runs out: a link that refuses it from one day to the next would be a silent
 * camera cluster. Looks when the connection opens and once a day while it lasts.
 */
const tellWithinDays = 14;
const dayMs = 86_400_000;

/** Whether it is time to say so; a certificate that has run out already is told of as well. */
export const runsOutSoon = (endsAtMs: number | undefined, nowMs: number): boolean =>
  endsAtMs !== undefined && daysUntil(endsAtMs, nowMs) < tellWithinDays;

/** Whole days, below 0 once it is over. */
export const daysUntil = (endsAtMs: number, nowMs: number): number =>
  Math.floor((endsAtMs - nowMs) / dayMs);

/** As an MQTT client has it; the stream is a TLS socket or a plain one. */
type Connected = Readonly<{
  stream: object;
  on: (event: 'connect' | 'close', listener: () => void) => unknown;
}>;

export type CertificateWatch = Readonly<{
  /** Of the newest connection, also after it was lost; undefined for one without a certificate. */
  endsAtMs: () => number | undefined;
}>;

export function watchCertificate(
  client: Connected,
  tell: (daysLeft: number) => void,
  now: () => number = Date.now,
): CertificateWatch {
  let timer: ReturnType<typeof setInterval> | undefined;
  let endsAtMs: number | undefined;
  const look = (): void => {
    if (endsAtMs !== undefined && runsOutSoon(endsAtMs, now())) tell(daysUntil(endsAtMs, now()));
  };
  client.on('connect', () => {
    clearInterval(timer);
    endsAtMs = endOf(client.stream);
    timer = setInterval(look, dayMs);
    look();
  });
  client.on('close', () => clearInterval(timer));
  return { endsAtMs: () => endsAtMs };
}

function endOf(stream: object): number | undefined {
  const { getPeerCertificate } = stream as {
    getPeerCertificate?: () => { valid_to?: string } | null;
  };
  const end = Date.parse(getPeerCertificate?.call(stream)?.valid_to ?? '');
  return Number.isNaN(end) ? undefined : end;
}
