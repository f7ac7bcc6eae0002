/** What a speaker, or a zone, did not say in the last hour: the newest. Pure. */
import type { AnnouncementRecord } from '../../contract/console-api.ts';
import { reasonText } from '../i18n/reason-text.ts';
import type { Texts } from '../i18n/zh.ts';

const recentMs = 60 * 60_000;

export function recentFailure(
  failures: readonly AnnouncementRecord[],
  speakerId: string,
  nowMs: number,
): AnnouncementRecord | undefined {
  return failures
    .filter((one) => one.speakerId === speakerId && nowMs - one.atMs < recentMs)
    .sort((a, b) => b.atMs - a.atMs)[0];
}

/** The same as one line, and why. */
export function failureText({ state, reason }: AnnouncementRecord, texts: Texts): string {
  const { speakers, announcement } = texts;
  return [speakers.lastFailure, announcement[state], reasonText(reason, texts)]
    .filter(Boolean)
    .join(' · ');
}
