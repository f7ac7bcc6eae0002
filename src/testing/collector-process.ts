/** The collector's program as a process of its own that a test kills, and an edge that sends until it is acknowledged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import mqtt from 'mqtt';
import { expect, vi } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { topicsOf } from '../contract/topics.ts';

const patient = { timeout: 30_000, interval: 20 };

/** What is loaded before the program, and what that is told. */
type Preload = Readonly<{ file: string; environment: Readonly<Record<string, string>> }>;

export type CollectorProcess = Readonly<{
  /** Resolves when it serves. */
  start: (preload?: Preload) => Promise<void>;
  /** Resolves when it has ended by itself. */
  ended: () => Promise<void>;
  end: (how: NodeJS.Signals) => Promise<void>;
}>;

export function createCollectorProcess(config: string): CollectorProcess {
  let running: ChildProcess | undefined;
  let ending: Promise<unknown> = Promise.resolve();
  return {
    start: async (preload) => {
      let log = '';
      const before = preload === undefined ? [] : ['--import', preload.file];
      const started = spawn(
        process.execPath,
        [...before, 'src/collector/main.ts', '--config', config],
        { env: { ...process.env, ...preload?.environment } },
      );
      running = started;
      ending = once(started, 'exit');
      started.stdout?.on('data', (text: Buffer) => {
        log += text.toString();
      });
      started.stderr?.resume();
      await vi.waitFor(() => expect(log).toContain('console   '), patient);
    },
    ended: async () => {
      await vi.waitFor(
        () => expect([running?.exitCode, running?.signalCode]).not.toEqual([null, null]),
        patient,
      );
      running = undefined;
    },
    end: async (how) => {
      running?.kill(how);
      running = undefined;
      await ending;
    },
  };
}

export type SendingEdge = Readonly<{
  /** As an edge does: again and again until everything is acknowledged. */
  send: (events: readonly RuleEvent[]) => Promise<void>;
  close: () => Promise<void>;
}>;

export async function connectEdge(brokerUrl: string, edgeId: string): Promise<SendingEdge> {
  const acknowledged = new Set<string>();
  const edge = await mqtt.connectAsync(brokerUrl, { clean: true });
  edge.on('message', (_topic, payload) => {
    for (const id of (JSON.parse(payload.toString()) as Ack).eventIds) acknowledged.add(id);
  });
  await edge.subscribeAsync(topicsOf(edgeId).ack, { qos: 1 });
  return {
    send: async (events) => {
      for (const { eventId } of events) acknowledged.delete(eventId);
      await vi.waitFor(
        () => {
          for (const event of events) {
            if (acknowledged.has(event.eventId)) continue;
            edge.publish(topicsOf(edgeId).event(event.cameraId), toCloudEvent(event), { qos: 1 });
          }
          for (const { eventId } of events) expect(acknowledged).toContain(eventId);
        },
        { timeout: 60_000, interval: 200 },
      );
    },
    close: () => edge.endAsync(true),
  };
}
