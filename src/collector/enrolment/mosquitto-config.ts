/**
 * Mosquitto's configuration around the password file and the access list: edges and collectors come in over TLS, each with
 * an account of its own, and nobody takes more of the broker than the work needs (https://mosquitto.org/man/mosquitto-conf-5.html).
 */
import { join } from 'node:path';

/** By Mosquitto's own words; bytes, counts, seconds. */
export const brokerLimits = {
  // Nothing here speaks QoS 2, whose halves a broker has to keep.
  max_qos: 1,
  max_packet_size: 4 * 1024 * 1024,
  // 1,000 edges, the collectors, and others who come in again before they were missed.
  max_connections: 2000,
  max_keepalive: 600,
  // Of one client: the window of an edge, in letters and in bytes, and what waits for a collector that is busy.
  max_inflight_messages: 200,
  max_inflight_bytes: 32 * 1024 * 1024,
  max_queued_messages: 20_000,
  max_queued_bytes: 256 * 1024 * 1024,
  // Of all: a client that needs more is refused, before the system ends the broker.
  memory_limit: 768 * 1024 * 1024,
} as const;

export const fileNames = {
  config: 'haoguanjia.conf',
  passwords: 'haoguanjia-passwords',
  access: 'haoguanjia-access',
  certificate: 'haoguanjia.crt',
  key: 'haoguanjia.key',
} as const;

/** The certificate and its key are put beside it by whoever runs the broker. */
export function mosquittoConfig(folder: string): string {
  const { passwords, access, certificate, key } = fileNames;
  return [
    '# Edges and collectors, encrypted, each with its own account. Nothing is kept here: what matters waits at the edges.',
    'listener 8883',
    `certfile ${join(folder, certificate)}`,
    `keyfile ${join(folder, key)}`,
    'tls_version tlsv1.2',
    'allow_anonymous false',
    `password_file ${join(folder, passwords)}`,
    `acl_file ${join(folder, access)}`,
    'persistence false',
    ...Object.entries(brokerLimits).map(([name, value]) => `${name} ${value}`),
    '',
  ].join('\n');
}
