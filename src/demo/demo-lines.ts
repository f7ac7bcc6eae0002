/** What the demo prints: one line for each event, alarm and announcement, from the messages of the live feed. */
import type { AlarmView, AnnouncementView, FeedMessage } from '../contract/console-api.ts';

/** Lines for one feed message; an announcement is told once for each of its states. */
export function createDemoLines(): (message: FeedMessage) => readonly string[] {
  const told = new Set<string>();
  const once = (line: string, of = ''): readonly string[] => {
    if (told.has(of + line)) return [];
    told.add(of + line);
    return [line];
  };
  const announcement = ({ announcement: one }: AlarmView): readonly string[] =>
    one === undefined ? [] : once(announcementLine(one), one.announcementId);
  return (message) => {
    switch (message.kind) {
      case 'alarm-raised':
        return [eventLine(message.alarm), alarmLine(message.alarm), ...announcement(message.alarm)];
      case 'alarm-changed':
        return announcement(message.alarm);
      case 'camera-changed':
        return once(`camera        ${message.camera.cameraId} ${message.camera.state}`);
      case 'edge-changed':
        return once(
          `edge          ${message.edge.edgeId} ${message.edge.online ? 'online' : 'offline'}`,
        );
      case 'speaker-changed':
        return once(`speaker       ${message.speaker.speakerId} ${message.speaker.state}`);
      default:
        return message satisfies never;
    }
  };
}

function eventLine({ event, ruleName }: AlarmView): string {
  const direction = event.kind === 'tripwire-crossed' ? ` ${event.direction}` : '';
  return `event         ${event.kind}${direction} at "${ruleName}", camera ${event.cameraId}, number ${event.sequence}`;
}

function alarmLine(alarm: AlarmView): string {
  return `alarm         ${alarm.severity} at ${alarm.cameraName} (${alarm.alarmId})`;
}

function announcementLine({ state, speakerId, wording, reason }: AnnouncementView): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  return `announcement  ${state} on ${speakerId}: ${wording}${why}`;
}
