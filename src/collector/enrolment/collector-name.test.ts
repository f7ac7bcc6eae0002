/** A box that was let in under the name of the centre's own account gets no account at a real Mosquitto, and takes none away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { createMosquitto } from '../../testing/mosquitto.ts';
import { mosquittoFiles } from './mosquitto-files.ts';
import { hashPassword } from './mosquitto-password.ts';

test('the centre comes in with its password, and the box of its name does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'collector-name-'));
  const credential = { createdAtMs: 1, revoked: false, passwordHash: hashPassword('of the box') };
  const { passwords, access } = mosquittoFiles({ username: 'centre', password: 'of the centre' }, [
    { ...credential, edgeId: 'centre' },
    { ...credential, edgeId: 'edge-1' },
  ]);
  writeFileSync(join(folder, 'passwords'), passwords);
  writeFileSync(join(folder, 'access'), access);
  const lines = [
    'allow_anonymous false',
    `password_file ${join(folder, 'passwords')}`,
    `acl_file ${join(folder, 'access')}`,
    '',
  ];
  const broker = await createMosquitto({ lines: lines.join('\n') });
  await broker.start();
  const entersAs = async (username: string, password: string): Promise<boolean> =>
    mqtt.connectAsync(broker.url, { username, password, reconnectPeriod: 0 }).then(
      async (client) => {
        await client.endAsync(true);
        return true;
      },
      () => false,
    );
  expect(await entersAs('centre', 'of the centre')).toBe(true);
  expect(await entersAs('centre', 'of the box')).toBe(false);
  expect(await entersAs('edge-1', 'of the box')).toBe(true);
  await broker.remove();
  rmSync(folder, { recursive: true, force: true });
});
