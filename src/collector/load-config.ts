/** Reads the collector's YAML file; every fault is one sentence. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ConfigError, parseConfig, readSecret } from '../contract/config-file.ts';
import { readSealKey, sealKeyFile } from '../contract/sealed-secret.ts';
import { trustedPath } from '../contract/signed-files.ts';
import {
  type CollectorConfig,
  CollectorConfigFile,
  faultOf,
  toCollectorConfig,
} from './collector-config.ts';
import { toDatabaseSettings } from './database-config.ts';
import { readMapPlan } from './map-config.ts';
import { toWebhook, type Webhook, type WebhookEntry } from './webhooks/webhook-config.ts';

/** Throws ConfigError. */
export function loadCollectorConfig(path: string, environment = process.env): CollectorConfig {
  const text = read(trusted(path, environment), 'the configuration');
  const file = parseConfig(text, path, CollectorConfigFile, faultOf);
  const password = readSecret(file.broker, environment, (secret) =>
    read(secret, 'the password file'),
  );
  if (file.broker.caFile !== undefined) read(file.broker.caFile, 'the certificate file');
  for (const speaker of file.speakers ?? []) {
    if ('caFile' in speaker) read(speaker.caFile ?? '', `${speaker.speakerId}'s certificate file`);
    // Read again whenever it is needed; here only to say at once what is missing.
    if ('username' in speaker)
      readSecret(speaker, environment, (secret) =>
        read(secret, `${speaker.speakerId}'s password file`),
      );
  }
  // Read here to say at once what is missing.
  readMapPlan(file);
  const database =
    file.database === undefined
      ? undefined
      : toDatabaseSettings(file.database, {
          passwordFile: file.databasePasswordFile,
          environment,
          readFile: (path) => read(path, "the database's file"),
        });
  const webhooks = (file.webhooks ?? []).map((entry) => readWebhook(entry, environment));
  return toCollectorConfig(file, password, {
    webhooks,
    ...sealKeyOf(environment),
    ...(database === undefined ? {} : { database }),
  });
}

/** Also without a sealed secret in the file: what the collector itself keeps is sealed when there is a key. */
function sealKeyOf(environment: typeof process.env): Pick<CollectorConfig, 'sealKey'> {
  const file = sealKeyFile(environment, existsSync);
  if (file === undefined) return {};
  const sealKey = readSealKey(read(file, 'the seal key'));
  if (sealKey !== undefined) return { sealKey };
  throw new ConfigError(`${file} holds no key of 32 bytes in base64; make one with: npm run seal`);
}

function readWebhook(entry: WebhookEntry, environment: typeof process.env): Webhook {
  const { webhookId, secret, secretFile } = entry;
  const place = {
    ...(secret === undefined ? {} : { password: secret }),
    ...(secretFile === undefined ? {} : { passwordFile: secretFile }),
  };
  const found = readSecret(place, environment, (path) => read(path, `${webhookId}'s secret file`));
  const authority =
    entry.caFile === undefined ? undefined : readAuthority(entry.caFile, `webhook ${webhookId}`);
  const webhook = toWebhook(entry, found ?? '', authority);
  if (webhook !== undefined) return webhook;
  throw new ConfigError(
    `the secret of webhook ${webhookId} is shorter than 16 bytes; make one with: openssl rand -base64 32`,
  );
}

/** Found out at the start, and not by the first alarm that cannot be told. */
function readAuthority(path: string, whose: string): string {
  const text = read(path, `${whose}'s certificate file`);
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new ConfigError(`${path}, of ${whose}, holds no certificate; give a PEM file`);
  }
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
