/**
 * Runs dependency-cruiser over src and asserts that it saw every module: beside an unknown compiler it would see
 * none, report nothing and pass.
 */
import { readdirSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { structure } from './structure-rules.ts';

const expected = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.tsx?$/.test(path),
).length;

const { output } = await cruise(
  ['src'],
  { ruleSet: { forbidden: structure.forbidden }, validate: true, ...structure.options },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { summary } = output as ICruiseResult;
for (const { rule, from, to } of summary.violations) {
  process.stdout.write(`${rule.severity} ${rule.name}: ${from} -> ${to}\n`);
}
const seen = (output as ICruiseResult).modules.filter(({ source }) =>
  /^src\/.*\.tsx?$/.test(source),
).length;
process.stdout.write(
  `${seen} of ${expected} modules checked, ${summary.violations.length} violations\n`,
);
if (seen !== expected || summary.violations.length > 0) process.exitCode = 1;
