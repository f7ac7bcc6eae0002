/** Values that break programs: for identifiers, texts, numbers and whole JSON documents. */
import type { Random } from '../harness/random.ts';

const texts: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '..',
    '../../../etc/passwd',
    '%2e%2e%2f',
    '%00',
    '‮',
    '\ud800',
    '🚨'.repeat(50),
  ],
  ...[
    "' or 1=1 --",
    '"; drop table event; --',
    '<script>x</script>',
    `$\{7*7}`,
    '{{7*7}}',
    '$(id)',
  ],
  ...['__proto__', 'constructor', 'edge-1', 'cam-1', '#', '+', '$SYS/x', 'a/b', 'x'.repeat(5000)],
  ...['null', 'NaN', '-1', '1e309', '9007199254740993', '0x10', '2026-01-01', 'true', '[]'],
];
const numbers: readonly number[] = [
  ...[0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 1e-308, 1_800_000_000_000],
];

export function hostileText(random: Random): string {
  return texts[random.below(texts.length)] ?? '';
}

export function hostileValue(random: Random, depth = 3): unknown {
  switch (random.below(depth > 0 ? 8 : 5)) {
    case 0:
      return numbers[random.below(numbers.length)];
    case 1:
      return null;
    case 2:
      return random.next() < 0.5;
    case 3:
    case 4:
      return hostileText(random);
    case 5:
      return Array.from({ length: random.below(5) }, () => hostileValue(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [
          hostileText(random),
          hostileValue(random, depth - 1),
        ]),
      );
  }
}

/** The document with one to three of its values, at any depth, replaced, removed or added. */
export function mutated(document: unknown, random: Random): unknown {
  const copy = structuredClone(document);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    mutateOne(copy as Record<string, unknown>, random);
  }
  return copy;
}

function mutateOne(place: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(place);
  const key = keys[random.below(keys.length)];
  if (key === undefined) return;
  const inner = place[key];
  if (typeof inner === 'object' && inner !== null && random.next() < 0.7)
    mutateOne(inner as Record<string, unknown>, random);
  else if (random.next() < 0.2) delete place[key];
  else if (random.next() < 0.1) place[`x-${key}`] = hostileValue(random);
  else place[key] = hostileValue(random);
}

/** Bytes with a few of them changed, cut off or doubled. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && copy.length > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return random.next() < 0.3 ? copy.subarray(0, random.below(copy.length + 1)) : copy;
}

export function randomBytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: random.below(most) }, () => random.below(256)));
}
