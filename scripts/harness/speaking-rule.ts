/** A rule of the camera `cam-1` whose every event calls and speaks, and the speaker that it speaks to (a folder of WAV files). */
import { join } from 'node:path';
import { eventually } from './program.ts';
import { type Console, signInOnce } from './signed-in.ts';

export const speakingRule = {
  /** Lines for the collector's configuration. */
  configuration: (folder: string): string => `metrics:
  port: 0
speakers:
  - speakerId: lane
    name: lane
    driver: file
    folder: ${join(folder, 'spoken')}
cameras:
  - cameraId: cam-1
    name: cam-1
    speakerId: lane
`,
  /** Makes the first account and saves the rule. Throws when the collector refuses either. */
  save: async (facts: ReadonlyMap<string, string>): Promise<Console> => {
    const console = await signInOnce(facts);
    const url = `${console.address}/api/cameras/cam-1/rules`;
    const put = async (): Promise<Response> =>
      fetch(url, {
        method: 'PUT',
        headers: { ...console.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ rules, basedOnVersion: 0 }),
      });
    // The camera is known once its edge has told of it.
    let answer = await put();
    await eventually(async () => {
      if (answer.status === 404) answer = await put();
      return answer.status !== 404;
    }, 20_000);
    if (!answer.ok) throw new Error(`the rule was refused: ${await answer.text()}`);
    return console;
  },
} as const;

const rules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'gate',
      name: 'gate',
      points: [
        [0.2, 0.5],
        [0.8, 0.5],
      ],
      direction: 'both',
      response: {
        cooldownSeconds: 0,
        announcement: { kind: 'speech', language: 'en', text: 'Please step back' },
      },
    },
  ],
};
