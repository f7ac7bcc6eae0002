/** Checks an export of an alarm: `npm run verify-export -- FILE [--key PUBLICKEY]`. Exits 0, 1 when it was changed, 2 when it cannot be read. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyExport } from '../src/collector/evidence/verify-export.ts';

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string' } },
  });
  const [file] = positionals;
  if (file === undefined) {
    process.stderr.write('name the export: npm run verify-export -- FILE [--key PUBLICKEY]\n');
    return 2;
  }
  const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
  const verdict = verifyExport(readFileSync(file), key);
  if (!verdict.ok) {
    process.stdout.write(`CHANGED   ${verdict.reason}\n`);
    return 1;
  }
  const { alarmId, exportedBy, exportedAt, reason, centre, files } = verdict.manifest;
  process.stdout.write(
    `whole     alarm ${alarmId}, taken out by ${exportedBy} at ${exportedAt}: ${reason}\n` +
      `signed    by centre ${centre}${key === undefined ? ' (give --key to know that it is yours)' : ', as the key says'}\n` +
      files.map(({ name, bytes }) => `file      ${name}, ${bytes} bytes\n`).join(''),
  );
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
