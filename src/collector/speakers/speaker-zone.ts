/**
 * Several speakers that say one announcement in step. It waits in every speaker's queue; when the speakers are free, or the
 * first of them has been for a moment, it is claimed once and begins on all that are free at the same instant.
 */
import { because, joinParts } from '../../contract/reason.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import {
  type AnnouncementEnd,
  type DeliverySettings,
  prepareSound,
  type Sound,
  speakOn,
  withClaim,
} from './announcement-delivery.ts';
import type { AnnouncementQueue, Delivered, Interruption } from './announcement-queue.ts';
import { createCommonStart } from './common-start.ts';
import type { SampleRate, SpeakerDriver } from './speaker.ts';
import type { SpeakingPolicy } from './speaking-policy.ts';

export type ZoneMember = Readonly<{
  name: string;
  driver: SpeakerDriver;
  policy: SpeakingPolicy;
  queue: AnnouncementQueue;
}>;

type ZoneSettings = Omit<DeliverySettings, 'part'>;

/** So long the speakers that are free wait for those that are not. */
const gatherMs = 1500;
/** So long those that can begin wait for those that are still being called. */
const commonStartMs = 3000;

type Floor = Readonly<{ member: ZoneMember; signal: AbortSignal; leave: () => void }>;

export function announceInZone(
  members: readonly ZoneMember[],
  settings: ZoneSettings,
  order: AnnouncementOrder,
): void {
  const floors = new Map<ZoneMember, Floor>();
  const whole = new AbortController();
  let begun = false;
  let gathering: NodeJS.Timeout | undefined;

  const deliver = withClaim(settings, {
    prepare: (prepared) => prepareAll(members, settings, prepared),
    speak: (_order, sounds) =>
      speakInStep(members, [...floors.values()], sounds, order, settings.now),
  });
  const begin = (): void => {
    clearTimeout(gathering);
    if (begun) return;
    begun = true;
    void deliver(order, whole.signal).finally(() => {
      for (const { leave } of floors.values()) leave();
    });
  };
  const cancel = (): void => {
    if (!begun) whole.abort('cancelled' satisfies Interruption);
    begin();
  };

  const runOn = async (member: ZoneMember, signal: AbortSignal): Promise<Delivered> => {
    if (signal.aborted) cancel();
    if (begun) return 'done';
    return new Promise((resolve) => {
      const leave = (): void => resolve('done');
      floors.set(member, { member, signal, leave });
      signal.addEventListener('abort', () => {
        if (signal.reason === ('cancelled' satisfies Interruption)) cancel();
        if (begun) return;
        // Something more urgent: this speaker is free again later, or the others begin without it.
        floors.delete(member);
        resolve('not-started');
      });
      gathering ??= setTimeout(begin, gatherMs);
      if (floors.size === members.length) begin();
    });
  };

  for (const member of members) {
    member.queue.add({
      jobId: order.announcementId,
      urgency: order.severity,
      orderedAtMs: order.orderedAtMs,
      run: (signal) => runOn(member, signal),
    });
  }
}

type Sounds = ReadonlyMap<SampleRate, Sound>;

async function prepareAll(
  members: readonly ZoneMember[],
  settings: ZoneSettings,
  order: AnnouncementOrder,
): Promise<Sounds> {
  const rates = [...new Set(members.map(({ driver }) => driver.sampleRate))];
  const sounds = await Promise.all(rates.map((rate) => prepareSound(settings, order, rate)));
  return new Map(rates.map((rate, index) => [rate, sounds[index] ?? noSound]));
}

const noSound: Sound = { ok: false, reason: because('sound-not-prepared') };

async function speakInStep(
  members: readonly ZoneMember[],
  floors: readonly Floor[],
  sounds: Sounds,
  order: AnnouncementOrder,
  now: () => number,
): Promise<AnnouncementEnd> {
  const starts = createCommonStart(floors.length, commonStartMs);
  const ends = await Promise.all(
    floors.map(async ({ member, signal, leave }, index) => {
      const sound = sounds.get(member.driver.sampleRate) ?? noSound;
      const end = await speakOn(member, order, sound, signal, now, starts[index]?.start);
      starts[index]?.dropOut();
      leave();
      return { name: member.name, ...end };
    }),
  );
  const missing = members
    .filter((member) => floors.every((floor) => floor.member !== member))
    .map(({ name }) => ({ name, state: 'busy', reason: because('member-busy') }) as const);
  return zoneEnd([...ends, ...missing]);
}

type MemberEnd = AnnouncementEnd & Readonly<{ name: string }>;

const proofs = ['sent', 'answered', 'played'] as const;

/** What all that spoke have proven; the reason names those that did not. */
function zoneEnd(ends: readonly MemberEnd[]): AnnouncementEnd {
  const spoke = proofs.find((proof) => ends.some(({ state }) => state === proof));
  const silent = ends.filter(({ state }) => !proofs.some((proof) => proof === state));
  const parts = joinParts(
    silent.map(({ name, state, reason }) => ({ name, why: reason ?? state })),
  );
  if (silent.length === 0) return { state: spoke ?? 'failed' };
  const counts = { silent: silent.length, all: ends.length };
  const reason = because('zone-partly-silent', { ...counts, parts }).slice(0, 2000);
  return { state: spoke ?? silent[0]?.state ?? 'failed', reason };
}
