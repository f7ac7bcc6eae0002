/** What an answer of a camera means for the attempt, beyond what its status says of the request. */
import type { RelayFailure } from './camera-failure.ts';
import { headerOf, type RtspFramingError, type RtspResponse } from './rtsp-message.ts';
import { offeredVideo } from './session-description.ts';

/** What is wrong with the session description in this answer, if it is one. */
export function unwantedOffer(response: RtspResponse): RelayFailure | undefined {
  const isDescription = /^application\/sdp\b/i.test(headerOf(response, 'Content-Type') ?? '');
  if (response.status !== 200 || !isDescription) return undefined;
  const offer = offeredVideo(response.body.toString('latin1'));
  return offer.kind === 'decodable' ? undefined : offer;
}

export function isRedirection({ status }: RtspResponse): boolean {
  return status >= 300 && status < 400;
}

export function framingFailure({ code }: RtspFramingError): RelayFailure {
  return { kind: code === 'RTSP_OVERSIZED' ? 'oversized' : 'not-rtsp' };
}
