/**
 * On what the model runs: the processor, or what else the ONNX Runtime of this box has. A provider that cannot be had is a
 * fault that is told, not a silent fall back to the processor, which would be too slow for what was planned.
 */
import './silent-runtime.ts';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { ModelError } from './model-manifest.ts';
import type { ExecutionProvider } from './provider-names.ts';

const fetching =
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js';

/**
 * Throws ModelError for one that this runtime was built without, or whose libraries did not come with it: asked for such a
 * one, the runtime itself writes lines of its own past every log.
 */
export function assertProvider(provider: ExecutionProvider): void {
  const known = listSupportedBackends().find(({ name }) => name === provider);
  if (known === undefined)
    throw unavailable(provider, 'this ONNX Runtime was built without it', undefined);
  if (known.bundled || hasLibrary(provider)) return;
  throw unavailable(
    provider,
    `its library ${libraryOf(provider)} does not lie beside the runtime; on Linux, x64, with NVIDIA's driver and CUDA 12, "${fetching}" fetches it`,
    undefined,
  );
}

/** The runtime knows the provider and could not start it, as without its hardware. */
export function providerFailed(provider: ExecutionProvider, cause: unknown): ModelError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return unavailable(provider, words.split('\n')[0] ?? '', cause);
}

function unavailable(provider: ExecutionProvider, why: string, cause: unknown): ModelError {
  const message = `execution provider ${provider} cannot be used on this box (${why}); set detector.provider to one that it has: cpu`;
  return new ModelError('provider-unavailable', message, cause);
}

function hasLibrary(provider: ExecutionProvider): boolean {
  const folder = runtimeFolder();
  return folder !== undefined && existsSync(join(folder, libraryOf(provider)));
}

function libraryOf(provider: ExecutionProvider): string {
  const name = `onnxruntime_providers_${provider}`;
  return process.platform === 'win32' ? `${name}.dll` : `lib${name}.so`;
}

/** Where the runtime's native parts lie. */
function runtimeFolder(): string | undefined {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const { platform, arch } = process;
  return ['napi-v6', 'napi-v3']
    .map((abi) => join(dirname(entry), '..', 'bin', abi, platform, arch))
    .find((folder) => existsSync(folder));
}
