/**
 * The security checklist and the tests that hold it: each control in words, and where its test stands. A control whose test
 * has gone, or whose title has changed, is missed here.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Held = Readonly<{ file: string; says: string }>;
const held = (file: string, ...titles: readonly string[]): readonly Held[] =>
  titles.map((says) => ({ file: `${file}.test.ts`, says }));
const security = 'src/collector/security';

const controls: Readonly<Record<string, readonly Held[]>> = {
  'S1 rights on every camera, alarm, event, speaker, list and stream, from the route table': [
    ...held(
      'src/collector/http/authorization',
      'every route says who may call it',
      'sees nothing of objects outside the scope, as if there were none',
      'lists hold nothing of the other grid',
    ),
    ...held(
      'src/collector/http/shared-things',
      'who speaks is told of the speakers within reach',
      'what lanes outside the scope say is not changed',
      'a preview names no lane outside the scope',
    ),
  ],
  'S2 closed unless declared, decided in one place': held(
    `${security}/entrance`,
    'S2 a route that does not say who may call it keeps the collector from starting',
    'S2 without a session every route refuses but those that are named',
  ),
  'S3 nothing listens but what is documented, on loopback': [
    ...held('src/collector/main', 'S3 with the least configuration it listens on one port'),
    ...held('src/testing/shipped-programs', 'S3 listen on what the README says'),
    ...held('src/demo/whole-system.browser', 'listens on loopback only'),
  ],
  'S4 no default account, a set-up token that works once, no token in an address': held(
    `${security}/entrance`,
    'S4 there is no default account',
  ),
  'S5 addresses of cameras and webhooks: on the network and nowhere else unless it is written': [
    ...held('src/edge/camera/hostile-addresses', 'S5 an address of a camera'),
    ...held(
      'src/edge/camera/camera-address',
      'is refused before anything is started',
      'is asked for once: what was checked is what is connected to',
    ),
    ...held(`${security}/addresses`, 'has no route that takes an address'),
    ...held(
      'src/collector/webhooks/webhook-address',
      'is not called when nobody allowed it',
      'is asked for once: what was checked is what is connected to',
      'a redirect leads nowhere',
    ),
  ],
  'S6 command lines as lists, never a shell': held(
    'src/edge/camera/hostile-addresses',
    'S6 a command line',
  ),
  'S7 files by ids, never by paths': held(
    `${security}/requests`,
    'S7 files',
    'a link that leads elsewhere is not followed',
  ),
  'S8 what people write is text: pages, policy, documentation': [
    ...held(`${security}/answers`, 'S8 every answer tells browsers what they may do with it'),
    ...held(`${security}/pages.browser`, 'S8 every page shows them as the text that they are'),
  ],
  'S9 other sites change nothing, reading changes nothing': held(
    `${security}/requests`,
    'S9 another site',
    'S9 reading changes nothing',
  ),
  'S10 WebSockets: origin, session, scope, and their end with the session': held(
    `${security}/streams`,
    'S10 a WebSocket',
  ),
  'S11 sessions: opaque, fresh, ended by sign-out, change and time': [
    ...held(`${security}/entrance`, 'S11 a session', 'cannot be used again after signing out'),
    ...held('src/collector/http/users', 'is out at once when disabled'),
  ],
  'S12 guessing at passwords': held(
    `${security}/entrance`,
    'S12 guessing',
    'costs the same work for a name that nobody has',
  ),
  'S13 limits: slow heads, bodies, streams, exports, connections': [
    ...held(`${security}/streams`, 'S13 what is dear', 'S13 who is slow'),
    ...held(
      `${security}/connections`,
      'S13 one address does not take all connections',
      'S13 many addresses do not take more than there are',
    ),
  ],
  'S14 a box writes and reads its own topics only': [
    ...held(
      'src/collector/enrolment/enrolment',
      'carries what an edge writes on its own topics, and nothing on those of another',
      'is not made for an id like',
    ),
    ...held(
      'src/collector/enrolment/mosquitto',
      'S14 lets nobody in without an account',
      'S14 carries of a box its own topics alone',
      'S14 carries out no will on the topic of another box',
    ),
    ...held('scripts/harness/broker-flood', 'S14 a will on the topic of another box'),
    ...held('src/demo/broker-limits', 'S14 it is not opened in clear on'),
    ...held(`${security}/tls`, 'not encrypted is said aloud'),
  ],
  'S15 the broker under floods and nonsense': [
    ...held(
      'scripts/harness/broker-flood',
      'five thousand messages of QoS 2',
      'a hundred and one levels',
    ),
    ...held(
      'src/demo/broker-limits',
      'that says nothing, or dribbles its name, is ended',
      'that falls silent is ended',
      'too many of one box is refused',
    ),
    ...held(
      'src/collector/enrolment/mosquitto',
      'S15 takes neither QoS 2 nor a message that is too large',
      'S15 has the limits that are known here',
    ),
    ...held('scripts/fuzz/fuzz', 'honestEdgeHeard'),
  ],
  'S16 secrets: sealed at rest, never told': [
    ...held('src/contract/sealed-secret', 'S16 secrets at rest'),
    ...held('src/edge/worker-reports', 'no line of the log tells the password of a camera'),
    ...held(`${security}/answers`, 'S16 neither the log, nor any answer, nor the database'),
    ...held(
      'src/demo/whole-system.browser',
      'shows no secret on a command line, in the log, in an answer, on the broker',
    ),
  ],
  'S17 queries are parameters': held(
    `${security}/queries`,
    'S17 a hundred payloads in each parameter',
  ),
  'S18 hostile cameras': held('src/edge/camera/hostile-camera', 'describe('),
  'S19 no field that nobody asked for': [
    ...held(`${security}/requests`, 'S19 a field that nobody asked for'),
    ...held(`${security}/entrance`, 'S19 a route whose query takes any field'),
    ...held('src/collector/http/closed-query', 'no field of it widens a scope'),
  ],
  'S20 faults tell nothing and let nobody in': held(
    `${security}/requests`,
    'S20 a fault of the database',
    'lets nobody in: without the accounts',
  ),
  'S21 the register cannot be forged or thinned': [
    ...held(`${security}/requests`, 'S21 a name with line breaks'),
    ...held('src/collector/http/shared-things', 'the register tells why something was taken out'),
    ...held('src/collector/http/audit', 'names the first row that is wrong'),
    ...held('src/collector/store/register-pruning', 'whoever removes rows by hand is found'),
  ],
  'S22 what is installed is locked, listed and named': [
    ...held(
      'src/testing/packages',
      'S22 every package is locked',
      'S22 what runs has a licence under which it may be passed on',
    ),
    ...held('src/testing/sbom', 'the bill of materials names the packages that run'),
  ],
  'S23 the programs work without rights, and write to their data alone': [
    ...held(
      'src/testing/shipped-programs',
      'S23 work together',
      'S23 have no right of root, no way to one, and write to their data alone',
    ),
    ...held('src/collector/compose', 'what is ours runs without rights'),
  ],
  'S24 TLS 1.2 or later, the named authority, and certificates that run out': [
    ...held(`${security}/tls`, 'S24 encryption on the way', 'fourteen days before'),
    ...held('src/edge/camera/camera-rules', 'not trusted'),
  ],
  'S25 configurations and models of the trusted key, whole, never an older one': [
    ...held('src/edge/detector/model-manifest', 'sha256'),
    ...held(
      'src/contract/signed-files',
      'with any bit of it or of its signature changed it is refused, and the one before is used',
      'of an older version is refused',
      'S25 a box, a centre and a detector take nothing else',
    ),
  ],
};

test.each(Object.entries(controls))('%s', (_, tests) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const { file, says } of tests) expect(readFileSync(file, 'utf8'), file).toContain(says);
});
