/** What a model may run on, for who asks without loading the runtime. */

/** By ONNX Runtime's names; the default is `cpu`. */
export const executionProviders = [
  'cpu',
  'cuda',
  'tensorrt',
  'openvino',
  'webgpu',
  'dml',
  'coreml',
] as const;
export type ExecutionProvider = (typeof executionProviders)[number];
