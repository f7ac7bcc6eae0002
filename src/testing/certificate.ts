/** Certificates that sign themselves, for servers of tests on loopback; made by openssl in the folder. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Certificate = Readonly<{ key: string; cert: string; file: string }>;

/** For 127.0.0.1 unless another name is given; good for so many days. */
export function makeCertificate(
  folder: string,
  name: string,
  { host = 'IP:127.0.0.1', days = 60 }: Readonly<{ host?: string; days?: number }> = {},
): Certificate {
  const [keyFile, file] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${host}`];
  const files = ['-days', String(days), '-keyout', keyFile, '-out', file];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}
