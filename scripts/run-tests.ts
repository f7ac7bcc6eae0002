/**
 * Runs the tests, and those files that failed once more, alone: many of them measure real programs on a busy machine.
 * What fails twice has failed. Prints which files took a second run, and last one line: passed and failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

type Report = Readonly<{
  numPassedTests: number;
  numFailedTests: number;
  testResults: readonly Readonly<{
    name: string;
    status: string;
    assertionResults: readonly Readonly<{ status: string }>[];
  }>[];
}>;

const mostFilesRunAgain = 6;

const first = run('.cache/vitest.json', []);
const again = first.failedFiles;
let { passed, failed } = first;
if (first.exit !== 0 && again.length <= mostFilesRunAgain) {
  // A worker that died names no file: then everything runs again.
  process.stdout.write(`\nonce more, one at a time: ${again.join(' ') || 'all tests'}\n`);
  const second = run('.cache/vitest-again.json', ['--maxWorkers=1', ...again]);
  passed = (again.length === 0 ? 0 : first.passedElsewhere) + second.passed;
  failed = second.failed;
} else if (first.exit !== 0) {
  failed = Math.max(1, failed);
}
process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function run(reportFile: string, args: readonly string[]) {
  mkdirSync('.cache', { recursive: true });
  rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const { status } = spawnSync('vitest', ['run', ...reporters, ...args], { stdio: 'inherit' });
  const exit = status ?? 1;
  const report = readReport(reportFile);
  if (report === undefined) {
    return { exit: 1, passed: 0, failed: 1, passedElsewhere: 0, failedFiles: [] };
  }
  const failedFiles = report.testResults
    .filter((file) => file.status !== 'passed')
    .map(({ name }) => relative(process.cwd(), name));
  return {
    exit,
    passed: report.numPassedTests,
    failed: exit === 0 ? report.numFailedTests : Math.max(1, report.numFailedTests),
    passedElsewhere: passedOutside(report),
    failedFiles,
  };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (error) {
    process.stderr.write(`no test report: ${String(error)}\n`);
    return undefined;
  }
}

/** Tests that passed in the files that are not run again. */
function passedOutside({ testResults }: Report): number {
  return testResults
    .filter(({ status }) => status === 'passed')
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').length;
}
