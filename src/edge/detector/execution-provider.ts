/**
 * On what the model runs: the processor, or what else the ONNX Runtime of this box has. A provider that cannot be had is a
 * fault that is told, not a silent fall back to the processor, which would be too slow for what was planned.
 */
import './silent-runtime.ts';
import { listSupportedBackends } from 'onnxruntime-node';
import { ModelError } from './model-manifest.ts';
import type { ExecutionProvider } from './provider-names.ts';

/** Throws ModelError for one that this runtime was built without. */
export function assertProvider(provider: ExecutionProvider): void {
  if (listSupportedBackends().some(({ name }) => name === provider)) return;
  throw unavailable(provider, 'this ONNX Runtime was built without it', undefined);
}

/** The runtime knows the provider and could not start it, as without its libraries or its hardware. */
export function providerFailed(provider: ExecutionProvider, cause: unknown): ModelError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return unavailable(provider, words.split('\n')[0] ?? '', cause);
}

function unavailable(provider: ExecutionProvider, why: string, cause: unknown): ModelError {
  const others = listSupportedBackends()
    .filter(({ name, bundled }) => bundled && name !== provider)
    .map(({ name }) => name);
  const message = `execution provider ${provider} cannot be used on this box (${why}); set detector.provider to one that it has: ${others.join(', ')}`;
  return new ModelError('provider-unavailable', message, cause);
}
