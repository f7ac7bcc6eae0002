/**
 * Reads a YAML configuration and checks it against its schema; a fault is told as one sentence that names the file,
 * the line, the key and the mend. Pure: the text comes from the caller.
 */
import type { Static, TSchema } from 'typebox';
import { isNode, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { createCheck } from './check.ts';
import { isSealed, readSealKey, sealKeyFile, unseal } from './sealed-secret.ts';

/** A configuration that cannot be used. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** A fault that the schema cannot see, with the JSON pointer of the value. */
export type ConfigFault = Readonly<{ path: string; reason: string }>;

/** Throws ConfigError. `fileName` is only for the sentence; `faultOf` looks at values that fit the schema. */
export function parseConfig<Schema extends TSchema>(
  text: string,
  fileName: string,
  schema: Schema,
  faultOf: (value: Static<Schema>) => ConfigFault | undefined = () => undefined,
): Static<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new ConfigError(
      `${fileName}, line ${line}: this is no valid YAML (${broken.message}); correct the line`,
    );
  }
  const checked = createCheck(schema)(document.toJS());
  const fault = checked.ok ? faultOf(checked.value) : checked;
  if (checked.ok && fault === undefined) return checked.value;
  const path = fault?.path.split('/').slice(1) ?? [];
  const line = lineOf(document.contents, path, lines);
  throw new ConfigError(`${fileName}, line ${line}: ${fault?.reason}; correct or remove it`);
}

/** The line of the value at the path, or of the nearest value around it. */
function lineOf(root: ParsedNode | null, path: readonly string[], lines: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = nodeAt(root, path.slice(0, depth));
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function nodeAt(root: ParsedNode | null, path: readonly string[]): ParsedNode | null | undefined {
  if (root === null || !('getIn' in root)) return path.length === 0 ? root : undefined;
  const keys = path.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const found: unknown = keys.length === 0 ? root : root.getIn(keys, true);
  return isNode(found) ? (found as ParsedNode) : undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where secrets may stand; the caller reads files and the environment. */
export type SecretEntry = Readonly<{ password?: string; passwordFile?: string }>;

/**
 * The secret of an entry: `password` itself, `${NAME}` from the environment, or the first line of `passwordFile`; opened
 * when it is sealed. Throws ConfigError when the named place has none.
 */
export function readSecret(
  entry: SecretEntry,
  environment: Environment,
  readFile: (path: string) => string,
): string | undefined {
  const found = findSecret(entry, environment, readFile);
  return found === undefined ? undefined : openSecret(found, environment, readFile);
}

/** A secret as it is; a sealed one is opened with the key that the environment names. Throws ConfigError. */
export function openSecret(
  secret: string,
  environment: Environment,
  readFile: (path: string) => string,
): string {
  if (!isSealed(secret)) return secret;
  const file = sealKeyFile(environment);
  if (file === undefined) {
    throw new ConfigError(
      'a secret is sealed and there is no key; set HAOGUANJIA_SEAL_KEY_FILE to the file of the key that sealed it',
    );
  }
  const key = readSealKey(readFile(file));
  if (key === undefined)
    throw new ConfigError(
      `${file} holds no key of 32 bytes in base64; make one with: npm run seal`,
    );
  const opened = unseal(secret, key);
  if (opened !== undefined) return opened;
  throw new ConfigError(
    `a secret cannot be opened with the key of ${file}; seal it again with this key, or give the key that sealed it`,
  );
}

function findSecret(
  { password, passwordFile }: SecretEntry,
  environment: Environment,
  readFile: (path: string) => string,
): string | undefined {
  if (passwordFile !== undefined) return readFile(passwordFile).split('\n')[0]?.trim();
  const variable = /^\$\{(\w+)\}$/.exec(password ?? '')?.[1];
  if (variable === undefined) return password;
  const value = environment[variable];
  if (value === undefined || value === '') {
    throw new ConfigError(
      `the environment has no ${variable}; set it, or write the password into the configuration`,
    );
  }
  return value;
}
