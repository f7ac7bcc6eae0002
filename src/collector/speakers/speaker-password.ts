/** The name and password of a speaker, in its configuration or in a file of their own, which is read whenever it is needed. */
import { readFileSync } from 'node:fs';
import { readSecret } from '../../contract/config-file.ts';
import type { Credentials } from './digest-authorization.ts';

type PasswordConfig = Readonly<{
  username?: string;
  password?: string;
  passwordFile?: string;
}>;

/** Undefined when none is configured, or when its file has gone since the start: the device then says what it misses. */
export function credentialsOf(config: PasswordConfig): Credentials | undefined {
  const { username } = config;
  if (username === undefined) return undefined;
  try {
    const password = readSecret(config, process.env, (path) => readFileSync(path, 'utf8'));
    return password === undefined ? undefined : { username, password };
  } catch {
    return undefined;
  }
}
