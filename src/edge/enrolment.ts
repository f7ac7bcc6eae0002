/**
 * How a box gets its own broker password: it shows the one-time code at the collector and keeps the answer in its data
 * folder, readable by its own user alone.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCheck } from '../contract/check.ts';
import { openSecret } from '../contract/config-file.ts';
import { Enrolled } from '../contract/enrolment.ts';
import { readSealKey, seal, sealKeyFile } from '../contract/sealed-secret.ts';

/** The collector said no, or cannot be reached; one sentence. */
class EnrolmentError extends Error {
  override readonly name = 'EnrolmentError';
  readonly code = 'not-enrolled';
}

export const credentialFile = (dataFolder: string): string => join(dataFolder, 'broker.json');

type Order = Readonly<{ collectorUrl: string; edgeId: string; code: string; dataFolder: string }>;

/** Throws EnrolmentError. With a key in the environment the password is kept sealed. */
export async function enrol(
  { collectorUrl, edgeId, code, dataFolder }: Order,
  environment = process.env,
): Promise<Enrolled> {
  const answer = await ask(new URL('/api/enrol', collectorUrl), { edgeId, code });
  const enrolled = readEnrolled(await answer.text());
  if (!answer.ok || enrolled.kind === 'refusal') {
    const why = enrolled.kind === 'refusal' ? enrolled.message : `HTTP ${answer.status}`;
    throw new EnrolmentError(`the collector at ${collectorUrl} refuses: ${why}`);
  }
  save(dataFolder, { ...enrolled.value, password: sealed(enrolled.value.password, environment) });
  return enrolled.value;
}

/** What an earlier enrolment left; undefined when there was none. */
export function readCredential(
  dataFolder: string,
  environment = process.env,
): Enrolled | undefined {
  const file = credentialFile(dataFolder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EnrolmentError(`${file} cannot be read; its owner has to be the box's user`);
  }
  const enrolled = readEnrolled(text);
  if (enrolled.kind === 'value') {
    const { username, password } = enrolled.value;
    return { username, password: openSecret(password, environment, readText) };
  }
  throw new EnrolmentError(`${file} is damaged; remove it and enrol the box again`);
}

const readText = (path: string): string => readFileSync(path, 'utf8');

function sealed(password: string, environment: typeof process.env): string {
  const file = sealKeyFile(environment, existsSync);
  if (file === undefined) return password;
  const key = readSealKey(readText(file));
  if (key !== undefined) return seal(password, key);
  throw new EnrolmentError(
    `${file} holds no key of 32 bytes in base64; make one with: npm run seal`,
  );
}

async function ask(url: URL, body: unknown): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    throw new EnrolmentError(
      `the collector at ${url.origin} cannot be reached; check --collector and the network`,
      { cause },
    );
  }
}

type Read =
  | Readonly<{ kind: 'value'; value: Enrolled }>
  | Readonly<{ kind: 'refusal'; message: string }>;

function readEnrolled(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'refusal', message: 'the answer is none of a collector' };
  }
  const enrolled = check(value);
  if (enrolled.ok) return { kind: 'value', value: enrolled.value };
  const { message } = (value ?? {}) as Readonly<{ message?: unknown }>;
  return {
    kind: 'refusal',
    message: typeof message === 'string' ? message : 'the answer is none of a collector',
  };
}

const check = createCheck(Enrolled);

/** Written beside and renamed, so that a cut does not leave half of it; made with its mode, so that nobody can read it meanwhile. */
function save(dataFolder: string, enrolled: Enrolled): void {
  mkdirSync(dataFolder, { recursive: true });
  const file = credentialFile(dataFolder);
  const fresh = `${file}.new`;
  writeFileSync(fresh, `${JSON.stringify(enrolled)}\n`, { mode: 0o600, flush: true });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}
