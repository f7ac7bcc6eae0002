/** The embedded broker as a process of its own: `broker-process.ts PORT EDGES [HOST]`; edges are edge-1, edge-2 and so on. */
import { createEmbeddedBroker } from '../../src/demo/broker.ts';
import { accounts } from './centre.ts';
import { edgePassword } from './edge-account.ts';

const [port = '0', edges = '1', host = '127.0.0.1'] = process.argv.slice(2);
const names = Array.from({ length: Number(edges) }, (_, at) => `edge-${at + 1}`);
const broker = createEmbeddedBroker({
  host,
  port: Number(port),
  // Into a network of this machine alone.
  openInClear: true,
  accounts: { ...accounts, ...Object.fromEntries(names.map((name) => [name, edgePassword])) },
});
await broker.start();
process.stdout.write('ready\n');
process.once('SIGTERM', () => process.exit(0));
