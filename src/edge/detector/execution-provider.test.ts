/** What a box says that is told to run its model on something that it does not have. */
import { expect, test } from 'vitest';
import { createLocalDetector } from './local-detector.ts';

const manifest = 'models/nanodet-416x320-int8.manifest.json';

// On Linux the runtime knows cuda but comes without its libraries, and was built without coreml.
test.each(['cuda', 'coreml'] as const)(
  '%s is refused with the providers that there are',
  async (provider) => {
    await expect(createLocalDetector(manifest, { provider })).rejects.toMatchObject({
      code: 'provider-unavailable',
      message: expect.stringMatching(
        new RegExp(
          `^execution provider ${provider} cannot be used on this box \\(.+\\); set detector.provider to one that it has: cpu`,
        ),
      ),
    });
  },
);

test('the processor is always there', async () => {
  const detector = await createLocalDetector(manifest, { provider: 'cpu' });
  await detector.close();
});
