/** Reads the edge's YAML file; every fault is one sentence. */
import { readFileSync } from 'node:fs';
import { outlineFault } from '../contract/check-rules.ts';
import { ConfigError, parseConfig, readSecret } from '../contract/config-file.ts';
import { trustedPath } from '../contract/signed-files.ts';
import { type EdgeConfig, EdgeConfigFile, toEdgeConfig } from './edge-config.ts';
import { readCredential } from './enrolment.ts';

/** Throws ConfigError. */
export function loadEdgeConfig(path: string, environment = process.env): EdgeConfig {
  const text = read(trusted(path, environment), 'the configuration');
  const file = parseConfig(text, path, EdgeConfigFile);
  const ids = file.cameras.map(({ cameraId }) => cameraId);
  const double = ids.find((id, at) => ids.indexOf(id) !== at);
  if (double !== undefined)
    throw new ConfigError(`${path}: camera "${double}" stands there twice; remove one of them`);
  for (const { cameraId, privacyMasks = [] } of file.cameras) {
    const fault = privacyMasks.map(outlineFault).find((found) => found !== undefined);
    if (fault !== undefined)
      throw new ConfigError(`${path}: camera "${cameraId}": a privacy mask ${fault}; correct it`);
  }
  if (file.broker.caFile !== undefined) read(file.broker.caFile, 'the certificate file');
  const config = toEdgeConfig(file, (entry) =>
    readSecret(entry, environment, (secret) => read(secret, 'the password file')),
  );
  return config.broker.username === undefined ? withCredential(config, environment) : config;
}

/** A box that has been enrolled signs in at the broker with what it was given then. */
function withCredential(config: EdgeConfig, environment: typeof process.env): EdgeConfig {
  const credential = readCredential(config.dataFolder, environment);
  return credential === undefined
    ? config
    : { ...config, broker: { ...config.broker, ...credential } };
}

/** Where a key is trusted: the copy of what it has signed. */
function trusted(path: string, environment: typeof process.env): string {
  try {
    return trustedPath(path, environment);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `${what} ${path} cannot be read (${code}); correct the path, or copy the example from config/`,
    );
  }
}
