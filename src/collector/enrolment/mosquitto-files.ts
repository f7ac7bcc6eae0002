/** The files with which Mosquitto enforces what the embedded broker does: accounts, access list, configuration. */
import { edgeReads, edgeWrites, outputTopics } from '../../contract/topics.ts';
import type { EdgeCredential } from '../store/edge-credential.ts';
import { mosquittoConfig } from './mosquitto-config.ts';
import { hashPassword } from './mosquitto-password.ts';

/** `config` is for the folder in which they are put. */
export type MosquittoFiles = Readonly<{
  passwords: string;
  access: string;
  config: (folder: string) => string;
}>;

export function mosquittoFiles(
  collector: Readonly<{ username: string; password: string }>,
  credentials: readonly EdgeCredential[],
): MosquittoFiles {
  // A second account of the collector's name would stand in the place of the first, with its rights.
  const edges = credentials.filter(
    ({ edgeId, revoked }) => !revoked && edgeId !== collector.username,
  );
  const accounts = [
    `${collector.username}:${hashPassword(collector.password)}`,
    ...edges.map(({ edgeId, passwordHash }) => `${edgeId}:${passwordHash}`),
  ];
  const rights = [
    [
      `user ${collector.username}`,
      'topic readwrite haoguanjia/v1/#',
      ...outputTopics.map((topic) => `topic write ${topic}`),
    ],
    ...edges.map(({ edgeId }) => [
      `user ${edgeId}`,
      ...edgeWrites(edgeId).map((topic) => `topic write ${topic}`),
      ...edgeReads(edgeId).map((topic) => `topic read ${topic}`),
    ]),
  ];
  return {
    passwords: `${accounts.join('\n')}\n`,
    access: `${rights.map((lines) => lines.join('\n')).join('\n\n')}\n`,
    config: mosquittoConfig,
  };
}
