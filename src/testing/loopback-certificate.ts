/** A certificate for 127.0.0.1 that signed itself, made by openssl. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The certificate stands at the given path, the key in the folder; both are answered as PEM. */
export function certificateOfLoopback(
  folder: string,
  caFile: string,
): Readonly<{ key: string; certificate: string }> {
  const keyFile = join(folder, 'key.pem');
  const named = ['-subj', '/CN=device', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const made = ['-nodes', '-days', '2', '-keyout', keyFile, '-out', caFile];
  spawnSync('openssl', ['req', '-x509', ...kind, ...named, ...made]);
  return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(caFile, 'utf8') };
}
