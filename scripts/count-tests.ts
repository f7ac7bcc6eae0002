/** Prints how many tests passed and failed according to a vitest JSON report; a missing report counts as one failure. */
import { readFileSync } from 'node:fs';

type Report = Readonly<{ numPassedTests: number; numFailedTests: number }>;

const [file = ''] = process.argv.slice(2);
try {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  process.stdout.write(`${report.numPassedTests} ${report.numFailedTests}\n`);
} catch (error) {
  process.stderr.write(`no test report: ${String(error)}\n`);
  process.stdout.write('0 1\n');
}
