/** A short run of the fuzz command, and its judge on rows that must not be there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openCentre } from '../../src/testing/centre.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { silentSpeakers } from '../../src/testing/silent-speakers.ts';
import { runCommand } from '../harness/run-command.ts';
import { forbiddenRows } from './forbidden.ts';
import { describedRoutes, undescribed } from './hostile-requests.ts';

test('hostile packets and requests crash nothing, are answered below 500 and leave nothing forbidden behind', async () => {
  const args = ['--packets', '800', '--requests', '200', '--seed', '7'];
  const { result, output } = await runCommand('scripts/fuzz/main.ts', args);
  const none = { crashes: 0, serverErrors: 0, forbiddenStored: 0, honestEdgeHeard: true };
  expect(result, output).toMatchObject({ packets: 800, requests: 200, untried: [], ...none });
});

test('no route of the route table is spared but those that hold nothing', async () => {
  const speakers = { ...silentSpeakers(), voice: {} as never, talks: {} as never };
  const centre = await openCentre({ dependencies: () => ({ speakers }) });
  try {
    const tried = [...(await describedRoutes(centre)), ...undescribed].map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    );
    const table = centre.http
      .routes()
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !/^HEAD |^GET \/(docs(\/|$)|$)/.test(route));
    expect(table.length).toBeGreaterThan(40);
    expect(table.filter((route) => !tried.includes(route))).toEqual(['POST /api/sign-out']);
  } finally {
    await centre.close();
  }
});

test('the judge sees an event that is broken, forged or filed wrongly, and a snapshot that is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'judge-'));
  const file = join(folder, 'centre.sqlite');
  const database = new DatabaseSync(file);
  database.exec('create table event (event_id text, edge_id text, camera_id text, body text)');
  database.exec('create table snapshot (event_id text, jpeg blob)');
  const rows = [
    ['right', crossingEvent(1)],
    ['broken', { ...crossingEvent(2), footPoint: [2, 0] }],
    ['forged', crossingEvent(3, { label: 'forged' })],
    ['elsewhere', crossingEvent(4, { cameraId: 'cam-2' })],
  ] as const;
  const insert = database.prepare('insert into event values (?, ?, ?, ?)');
  for (const [id, event] of rows) insert.run(id, 'edge-1', 'cam-1', JSON.stringify(event));
  database.prepare('insert into snapshot values (?, ?)').run('picture', Buffer.from('<svg/>'));
  database.close();
  const found = forbiddenRows(file);
  rmSync(folder, { recursive: true });
  expect(found.map((sentence) => sentence.split(/[ :]/)[1])).toEqual([
    ...['broken', 'forged', 'elsewhere', 'picture'],
  ]);
});
