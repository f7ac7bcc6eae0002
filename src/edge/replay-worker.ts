/** A thread that answers one question "what would this rule have done" and ends: a day of tracks takes half a second of a core. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ReplayOrder, replayStored } from './track-log/stored-replay.ts';

parentPort?.postMessage(await replayStored(workerData as ReplayOrder));
