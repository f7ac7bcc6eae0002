/**
 * A box has a thread for each camera, each with a small heap. Collected by helper threads of their own, these heaps cost the
 * box 7 % of a core; by the thread that made the garbage, 3 %. So every way to start a box says so, and the bench measures that.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shippedOptions } from '../bench/edge-under-test.ts';

test.each([
  ['npm run edge', 'package.json', /"edge": "node (.*?) ?src\/edge\/main\.ts"/],
  [
    'the systemd unit',
    'config/haoguanjia-edge.service',
    /^ExecStart=\S+\/node (.*?) ?src\/edge\//m,
  ],
  ['the compose file', 'compose.yaml', /command: \[(.*?),? ?src\/edge\/main\.ts/],
  ['the example', 'config/edge.example.yaml', /node (.*?) ?src\/edge\/main\.ts/],
])('%s starts a box as it is measured', (_, file, pattern) => {
  const [, options] = pattern.exec(readFileSync(file, 'utf8')) ?? [];
  expect(options?.split(/,? /)).toEqual(shippedOptions);
});
