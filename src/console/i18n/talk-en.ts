/** The words of speaking to a lane in English. */
import type { TalkTexts } from './talk-zh.ts';

export const talkEn: TalkTexts = {
  button: { idle: 'Hold to talk', opening: 'Opening…', talking: 'On the air' },
  hint: 'Hold and speak, let go to stop',
  opening: 'The speaker is being opened',
  talking: 'Speak',
  delay: (milliseconds) => `Speak · about ${milliseconds} ms behind`,
  missing: (names) => ` · not heard at ${names}`,
  busy: (name) => `${name} is speaking`,
  failed: (reason) => `Could not speak: ${reason}`,
  reasons: {
    insecure: 'The browser gives the microphone to HTTPS pages only',
    NotAllowedError: 'The browser was not allowed to use the microphone',
    NotFoundError: 'No microphone was found',
    NotReadableError: 'Another program holds the microphone',
    connection: 'The connection to the centre was lost, nothing is said any more',
  },
};
