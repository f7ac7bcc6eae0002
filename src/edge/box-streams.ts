/** What takes the compressed streams of a box's cameras: live pictures and clips, and what masks forbid both. */
import type { Logger } from 'pino';
import { allRules } from '../contract/rule.ts';
import type { EventDraft, RuleEvent } from '../contract/rule-event.ts';
import type { CameraStates } from './camera-states.ts';
import { type Clips, createClips } from './clips/clips.ts';
import type { EdgeConfig } from './edge-config.ts';
import { createLiveView, type LiveView } from './live/live-view.ts';
import { maskReader } from './mask-reader.ts';
import type { RuleBook } from './rule-book.ts';

/** What takes a camera's compressed stream: live pictures and clips. Neither may show what a mask hides. Throws when the folder for clips cannot be used. */
export function createBoxStreams(
  config: EdgeConfig,
  parts: Readonly<{
    states: CameraStates;
    ruleBook: RuleBook;
    report: (draft: EventDraft) => unknown;
    logger: Logger;
  }>,
): Readonly<{ live: LiveView; clips: Clips; masksChanged: (cameraId: string) => void }> {
  const { cameras, collectorUrl } = config;
  const { states, ruleBook, report, logger } = parts;
  const masks = maskReader(cameras, ruleBook);
  const viewed = { cameras, collectorUrl, refusalOf: states.refusal, masksOf: masks };
  const live = createLiveView({ ...viewed, logger });
  const clips = createBoxClips(config, masks, states, report, logger);
  const masksChanged = (cameraId: string): void => {
    live.masksChanged(cameraId);
    clips.masksChanged(cameraId);
  };
  return { live, clips, masksChanged };
}

function createBoxClips(
  { dataFolder, cameras }: EdgeConfig,
  masksOf: (cameraId: string) => readonly unknown[],
  { isSeen }: Pick<CameraStates, 'isSeen'>,
  report: (draft: EventDraft) => unknown,
  logger: Logger,
): Clips {
  return createClips({
    dataFolder,
    cameras,
    isMasked: (cameraId) => masksOf(cameraId).length > 0,
    isSeen,
    onDropped: (cameraId) =>
      report({
        kind: 'events-dropped',
        cameraId,
        capturedAtMs: Date.now(),
        mediaTimeMs: 0,
        dropClass: 'clip',
        count: 1,
      }),
    logger,
    now: Date.now,
  });
}

/** The same uplink, which asks for the clip of every event once it is kept, unless its rule wants none. */
export function withClips<Uplink extends { report: (draft: EventDraft) => RuleEvent }>(
  uplink: Uplink,
  clips: Pick<Clips, 'take'>,
  ruleBook: Pick<RuleBook, 'current'>,
): Uplink {
  const report: Uplink['report'] = (draft) => {
    const event = uplink.report(draft);
    if (wantsClip(event, ruleBook)) clips.take(event);
    return event;
  };
  return { ...uplink, report };
}

/** A rule that was changed away since its event says nothing against it. */
function wantsClip(event: RuleEvent, ruleBook: Pick<RuleBook, 'current'>): boolean {
  if (!('ruleId' in event)) return true;
  const { rules } = ruleBook.current(event.cameraId);
  return allRules(rules).find(({ ruleId }) => ruleId === event.ruleId)?.clip !== false;
}
