/**
 * The negative control: an uplink that lets an event go as soon as the broker has taken it, as many do. With it the
 * harness has to find losses; when it finds none, the harness is blind.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mqtt from 'mqtt';
import { uuidv7 } from 'uuidv7';
import { toCloudEvent } from '../../src/contract/cloud-event.ts';
import type { EventDraft, RuleEvent } from '../../src/contract/rule-event.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import type { UplinkSettings } from '../../src/edge/uplink/uplink.ts';

export type TrustingUplink = Readonly<{
  start: () => void;
  report: (draft: EventDraft) => undefined;
  outboxRows: () => number;
  stop: () => Promise<void>;
}>;

const window = 200;

export function createTrustingUplink({
  edgeId,
  dataFolder,
  broker: { url, ...account },
}: UplinkSettings): TrustingUplink {
  mkdirSync(dataFolder, { recursive: true });
  const database = new DatabaseSync(join(dataFolder, 'outbox.sqlite'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec('create table if not exists outbox (sequence integer primary key, event text)');
  const insert = database.prepare('insert into outbox (event) values (?) returning sequence');
  const waiting = database.prepare('select * from outbox order by sequence limit ?');
  const remove = database.prepare('delete from outbox where sequence = ?');
  const count = database.prepare('select count(*) as count from outbox');
  const inFlight = new Set<number>();
  const client = mqtt.connect(url, {
    ...account,
    manualConnect: true,
    reconnectPeriod: 1000,
    queueQoSZero: false,
  });

  const send = (): void => {
    if (!client.connected) return;
    for (const row of waiting.all(window)) {
      const sequence = Number(row['sequence']);
      if (inFlight.has(sequence)) continue;
      inFlight.add(sequence);
      const event = { ...JSON.parse(String(row['event'])), sequence } as RuleEvent;
      const topic = topicsOf(edgeId).event(event.cameraId);
      client.publish(topic, toCloudEvent(event), { qos: 1 }, (error) => {
        inFlight.delete(sequence);
        if (error === undefined || error === null) remove.run(sequence);
      });
    }
  };

  return {
    start: () => {
      client.on('error', () => undefined);
      client.on('close', () => inFlight.clear());
      client.connect();
      setInterval(send, 20);
    },
    report: (draft) => {
      const given = { schemaVersion: 1, eventId: uuidv7(), edgeId, historical: false };
      insert.get(JSON.stringify({ ...draft, ...given }));
      return undefined;
    },
    outboxRows: () => Number(count.get()?.['count']),
    stop: async () => {
      await client.endAsync(true);
      database.close();
    },
  };
}
