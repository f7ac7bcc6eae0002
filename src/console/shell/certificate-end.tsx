/** The certificate of the broker runs out: on that day every box would be cut off at once. For whoever can renew it. */
import { may } from '../../contract/access-rights.ts';
import { daysUntil, runsOutSoon } from '../../contract/certificate-watch.ts';
import { useCentre, useRole } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';
import type { Texts } from '../i18n/zh.ts';
import { useNowMs } from './clock.tsx';

/** Undefined while there is time. */
export function certificateText(
  endsAtMs: number | undefined,
  nowMs: number,
  { centre }: Texts,
): string | undefined {
  if (endsAtMs === undefined || !runsOutSoon(endsAtMs, nowMs)) return undefined;
  const days = daysUntil(endsAtMs, nowMs);
  return days < 0 ? centre.certificateOver : centre.certificateEnds(days);
}

export function CertificateEnd() {
  const texts = useTexts();
  const role = useRole();
  const text = certificateText(useCentre().data?.certificateEndsAtMs, useNowMs(), texts);
  if (text === undefined || !may(role, 'edge.enrol')) return null;
  return (
    <div className="feed-lost" role="alert" data-testid="certificate-end">
      {text}
    </div>
  );
}
