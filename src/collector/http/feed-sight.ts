/** Which messages of the live feed a subscriber may see: by the role, and by the cameras within reach. */
import type { FastifyRequest } from 'fastify';
import { may } from '../../contract/access-rights.ts';
import type { FeedMessage } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';
import { sessionOf } from './guard.ts';

export type Sight = (message: FeedMessage) => Promise<boolean>;

export function createSight(
  store: Pick<Store, 'edges' | 'speakersIn'>,
  request: FastifyRequest,
): Sight {
  const { role } = sessionOf(request);
  const { covers, cameraIds } = request.reach;
  const seesAlarms = may(role, 'alarm.read');
  return async (message) => {
    switch (message.kind) {
      case 'alarm-raised':
      case 'alarm-changed':
        return seesAlarms && covers(message.alarm.cameraId);
      case 'camera-changed':
        return covers(message.camera.cameraId);
      case 'edge-changed': {
        if (cameraIds === undefined) return true;
        const within = await store.edges(cameraIds);
        return within.some(({ edgeId }) => edgeId === message.edge.edgeId);
      }
      case 'speaker-changed': {
        const { speakerId } = message.speaker;
        return cameraIds === undefined || store.speakersIn(cameraIds).has(speakerId);
      }
      default:
        message satisfies never;
        return false;
    }
  };
}
