/** What a box says that is told to run its model on something that it does not have. */
import { expect, test } from 'vitest';
import { createLocalDetector } from './local-detector.ts';

const manifest = 'models/nanodet-416x320-int8.manifest.json';

// On Linux the runtime knows cuda and tensorrt but comes without their libraries, and was built without the others.
test.each([
  [
    'cuda',
    /its library libonnxruntime_providers_cuda\.so does not lie beside .*CUDA 12.* fetches it/,
  ],
  ['tensorrt', /its library libonnxruntime_providers_tensorrt\.so does not lie beside/],
  ['openvino', /this ONNX Runtime was built without it/],
  ['coreml', /this ONNX Runtime was built without it/],
] as const)('%s is refused with the reason and the mend', async (provider, reason) => {
  const refused = await createLocalDetector(manifest, { provider }).catch((error) => error);
  expect(refused).toMatchObject({ code: 'provider-unavailable' });
  const [, why] =
    new RegExp(
      `^execution provider ${provider} cannot be used on this box \\((.+)\\); set detector.provider to one that it has: cpu$`,
    ).exec(refused.message) ?? [];
  expect(why).toMatch(reason);
});

test('the processor is always there', async () => {
  const detector = await createLocalDetector(manifest, { provider: 'cpu' });
  await detector.close();
});
