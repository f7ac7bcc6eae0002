/**
 * The one line that puts the store on a PostgreSQL server: `postgres://user@host:5432/name`, where the password comes from
 * the environment (`postgres://user:${NAME}@...`) or from a file of its own. A password in the line itself is refused.
 * Options: `?host=/run/postgresql` (Unix socket), `?sslmode=verify-full`, `&sslrootcert=FILE`.
 */
import { ConfigError, type ConfigFault, openSecret, readSecret } from '../contract/config-file.ts';
import type { StoreSettings } from './store/create-store.ts';

type PostgresSettings = Extract<StoreSettings['database'], { kind: 'postgres' }>;

type Sources = Readonly<{
  passwordFile: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  readFile: (path: string) => string;
}>;

const address =
  /^postgres(?:ql)?:\/\/(?<user>[^:@/?#]+)(?::(?<password>[^@/]*))?@(?<host>[^:/?#]+|\[[^\]]+\])(?::(?<port>\d{1,5}))?\/(?<name>[^/?#]+)(?:\?(?<options>\S*))?$/;
const variable = /^\$\{(\w+)\}$/;
const knownOptions = ['host', 'sslmode', 'sslrootcert'];

export function databaseFault(line: string): ConfigFault | undefined {
  const fault = (reason: string): ConfigFault => ({
    path: '/database',
    reason: `database: ${reason}`,
  });
  const parts = address.exec(line)?.groups;
  if (parts === undefined) return fault('write it as postgres://user@host:5432/name');
  const { password, options = '' } = parts;
  if (password !== undefined && !variable.test(password)) {
    return fault(
      `a password does not stand here; name a variable of the environment in its place, $\{NAME}, or a databasePasswordFile`,
    );
  }
  const query = new URLSearchParams(options);
  const unknown = [...query.keys()].find((key) => !knownOptions.includes(key));
  if (unknown !== undefined)
    return fault(`"${unknown}" is none of the options ${knownOptions.join(', ')}`);
  const mode = query.get('sslmode');
  return mode === null || mode === 'verify-full' || mode === 'disable'
    ? undefined
    : fault('sslmode is verify-full or disable');
}

/** Of a line without a fault. Throws ConfigError when a password that is named cannot be found. */
export function toDatabaseSettings(line: string, sources: Sources): PostgresSettings {
  const parts = address.exec(line)?.groups;
  if (parts === undefined) throw new ConfigError(`database: ${databaseFault(line)?.reason}`);
  const query = new URLSearchParams(parts['options'] ?? '');
  const password = passwordOf(parts['password'], sources);
  const authority = query.get('sslrootcert');
  const tls = authority === null ? {} : { ca: sources.readFile(authority) };
  return {
    kind: 'postgres',
    host: query.get('host') ?? (parts['host'] ?? '').replaceAll(/^\[|\]$/g, ''),
    port: Number(parts['port'] ?? 5432),
    user: decodeURIComponent(parts['user'] ?? ''),
    database: decodeURIComponent(parts['name'] ?? ''),
    ...(password === undefined ? {} : { password }),
    ...(query.get('sslmode') === 'verify-full' ? { tls } : {}),
  };
}

function passwordOf(
  named: string | undefined,
  { passwordFile, environment, readFile }: Sources,
): string | undefined {
  if (passwordFile !== undefined) return readSecret({ passwordFile }, environment, readFile);
  const name = variable.exec(named ?? '')?.[1];
  if (name === undefined) return undefined;
  const value = environment[name];
  if (value !== undefined && value !== '') return openSecret(value, environment, readFile);
  throw new ConfigError(
    `the environment has no ${name}; the database's password is expected there`,
  );
}
