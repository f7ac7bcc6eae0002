/**
 * Loaded before a program (`node --import`): ends it with SIGKILL in the middle of a chosen step of its work. The steps
 * are found from outside, by the SQL that is run, the bytes that are sent and the files that are moved, so the program
 * itself knows nothing of it. CRASH_AT names the step, CRASH_AFTER how often it is let pass.
 */
import { Socket as UdpSocket } from 'node:dgram';
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import type { CrashPoint } from './crash-points.ts';

const point = process.env['CRASH_AT'] as CrashPoint;
let passes = Number(process.env['CRASH_AFTER'] ?? 0);
/** What the running transaction has done so far. */
let hasInserted = false;
let hasSettled = false;
let hasClaimed = false;

const insertsEvent = /^\s*insert into "?(outbox|event)"?\W/i;
/** An acknowledged event leaves the queue; the row itself goes later. */
const settlesEvent = /^\s*(delete from|update) "?outbox"?\W/i;
/** Its first value is the state that an announcement comes to: `speaking` is the claim, everything else an outcome. */
const changesAnnouncement = /^\s*update "announcement"/i;

function reached(step: CrashPoint): void {
  if (step !== point) return;
  passes -= 1;
  if (passes < 0) process.kill(process.pid, 'SIGKILL');
}

function before(sql: string, [state]: readonly unknown[]): void {
  if (/^\s*begin/i.test(sql)) {
    hasInserted = false;
    hasSettled = false;
    hasClaimed = false;
  }
  if (changesAnnouncement.test(sql))
    reached(state === 'speaking' ? 'speaker-before-claim' : 'speaker-before-outcome');
  if (settlesEvent.test(sql)) reached('edge-before-delete');
  if (/^\s*commit/i.test(sql)) {
    if (hasInserted) reached('edge-before-commit');
    if (hasInserted) reached('collector-before-commit');
    if (hasSettled) reached('edge-after-delete');
  }
}

function after(sql: string, [state]: readonly unknown[]): void {
  if (insertsEvent.test(sql)) hasInserted = true;
  if (settlesEvent.test(sql)) hasSettled = true;
  if (changesAnnouncement.test(sql) && state === 'speaking') hasClaimed = true;
  if (/^\s*commit/i.test(sql) && hasClaimed) reached('speaker-after-claim');
  if (/^\s*commit/i.test(sql) && hasInserted) {
    reached('edge-after-commit');
    reached('collector-after-commit');
  }
}

function watched<Result>(sql: string, run: () => Result, values: readonly unknown[] = []): Result {
  before(sql, values);
  const result = run();
  after(sql, values);
  return result;
}

const { exec, prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  watched(sql, () => exec.call(this, sql));
};
DatabaseSync.prototype.prepare = function (sql, ...options) {
  const statement = prepare.call(this, sql, ...options);
  const { run, all, get } = statement;
  return Object.assign(statement, {
    run: (...values: unknown[]) =>
      watched(sql, () => Reflect.apply(run, statement, values), values),
    all: (...values: unknown[]) =>
      watched(sql, () => Reflect.apply(all, statement, values), values),
    get: (...values: unknown[]) =>
      watched(sql, () => Reflect.apply(get, statement, values), values),
  });
};

const { write } = Socket.prototype;
Socket.prototype.write = function (this: Socket, chunk: unknown, ...more: unknown[]): boolean {
  const sent = Reflect.apply(write, this, [chunk, ...more]) as boolean;
  if (String(chunk).includes('/ack')) setImmediate(() => reached('collector-after-ack'));
  return sent;
} as typeof write;

/** A packet of sound leaves from a thread of its own, into which this is loaded too: it dies with the packet in its hand. */
const { send } = UdpSocket.prototype;
UdpSocket.prototype.send = function (this: UdpSocket, ...given: unknown[]): void {
  reached('speaker-before-packet');
  Reflect.apply(send, this, given);
} as typeof send;

/** A clip is written aside, synced, moved to its place, and then its card the same way: it dies before or after a move. */
const { rename } = promises;
promises.rename = async (from, to) => {
  reached('edge-mid-clip-write');
  await rename(from, to);
  reached('edge-mid-clip-write');
};
syncBuiltinESMExports();
