/** The speakers as the console sees them. */

import type { SpeakerState, SpeakerView } from '../../contract/console-api.ts';
import { joinParts } from '../../contract/reason.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import type { SpeakerConfig } from './speaker-config.ts';
import type { SpeakerWatch } from './speaker-watch.ts';

export type ViewedSpeaker = Readonly<{
  config: SpeakerConfig;
  queue: AnnouncementQueue;
  watch: SpeakerWatch;
}>;

export function speakerView({ config, queue, watch }: ViewedSpeaker): SpeakerView {
  const { state, reason, stateSinceMs, provenAtMs, isOverdue } = watch.health();
  const urgency = queue.current()?.urgency;
  return {
    speakerId: config.speakerId,
    name: config.name,
    driver: config.driver,
    state,
    ...(reason === undefined ? {} : { reason }),
    stateSinceMs,
    ...(provenAtMs === undefined ? {} : { provenAtMs }),
    isOverdue,
    takesLive: watch.driver.openLive !== undefined,
    speaking: urgency === undefined ? 'nothing' : urgency === 'live' ? 'live' : 'announcement',
    waiting: queue.waiting(),
  };
}

/** The worst first. */
const severities: readonly SpeakerState[] = [
  'unreachable',
  'refused',
  'unknown',
  'unproven',
  'ready',
];

/** A zone is as well as the worst of its speakers, and names those that are not well. */
export function zoneView(
  { speakerId, name, driver }: Pick<SpeakerConfig, 'speakerId' | 'name' | 'driver'>,
  members: readonly SpeakerView[],
): SpeakerView {
  const state =
    severities.find((one) => members.some((member) => member.state === one)) ?? 'unknown';
  const unwell = members.filter(({ reason }) => reason !== undefined);
  const proven = members.map(({ provenAtMs }) => provenAtMs);
  return {
    ...{ speakerId, name, driver, state },
    ...(unwell.length === 0
      ? {}
      : {
          reason: joinParts(
            unwell.map((one) => ({ name: one.name, why: one.reason ?? one.state })),
          ).slice(0, 2000),
        }),
    stateSinceMs: Math.max(0, ...members.map(({ stateSinceMs }) => stateSinceMs)),
    ...(proven.some((one) => one === undefined) || proven.length === 0
      ? {}
      : { provenAtMs: Math.min(...proven.map((one) => one ?? 0)) }),
    isOverdue: members.some(({ isOverdue }) => isOverdue),
    takesLive: members.some(({ takesLive }) => takesLive),
    speaking: members.find(({ speaking }) => speaking !== 'nothing')?.speaking ?? 'nothing',
    waiting: Math.max(0, ...members.map(({ waiting }) => waiting)),
  };
}
