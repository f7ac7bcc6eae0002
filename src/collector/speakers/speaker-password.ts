/** The name and password of a speaker, in its configuration or in a file of their own, which is read whenever it is needed. */
import { readFile } from 'node:fs/promises';
import type { Credentials } from './digest-authorization.ts';

export type PasswordConfig = Readonly<{
  username?: string;
  password?: string;
  passwordFile?: string;
}>;

/** Undefined when none is configured. Throws when the file cannot be read. */
export async function credentialsOf(config: PasswordConfig): Promise<Credentials | undefined> {
  const { username, password, passwordFile } = config;
  if (username === undefined) return undefined;
  if (password !== undefined) return { username, password };
  if (passwordFile === undefined) return undefined;
  return { username, password: (await readFile(passwordFile, 'utf8')).trim() };
}
