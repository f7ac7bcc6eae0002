/**
 * Edges come in by a one-time code that names their id, and get a broker password of their own, which only they know: the
 * centre keeps a hash. Taking the right away ends the connection, and what still arrives from that edge is not taken.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { EdgeCredentials } from '../store/edge-credential.ts';
import { hashPassword, verifyPassword } from './mosquitto-password.ts';

/** Long enough to walk to the box. */
const codeMs = 15 * 60_000;
/** How soon a right that was taken away at another collector is known here. */
const lookAgainMs = 10_000;
/** Without letters and figures that look alike. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 12;

export type Enrolment = Readonly<{
  makeCode: (edgeId: string) => Promise<Readonly<{ code: string; expiresAtMs: number }>>;
  /** The password, once; undefined when the code is not for this edge, was used, or has run out. */
  enrol: (edgeId: string, code: string) => Promise<string | undefined>;
  /** False when the edge never came in. */
  revoke: (edgeId: string) => Promise<boolean>;
  /** For a broker that asks. */
  check: (edgeId: string, password: string) => Promise<boolean>;
  /** Whether messages of the edge are to be taken; edges of before enrolment, which have no credential here, are. */
  mayReport: (edgeId: string) => boolean;
  /** Called when an edge's connection has to end: its right was taken away, or it has a new password. */
  onEnd: (listener: (edgeId: string) => void) => void;
  start: () => Promise<void>;
  stop: () => void;
}>;

export function createEnrolment(store: EdgeCredentials, now: () => number): Enrolment {
  const listeners: ((edgeId: string) => void)[] = [];
  let revoked: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;
  const end = (edgeId: string): void => {
    for (const listener of listeners) listener(edgeId);
  };
  const look = async (): Promise<void> => {
    const before = revoked;
    const credentials = await store.edgeCredentials();
    revoked = new Set(credentials.flatMap((one) => (one.revoked ? [one.edgeId] : [])));
    for (const edgeId of revoked) if (!before.has(edgeId)) end(edgeId);
  };
  return {
    makeCode: async (edgeId) => {
      const code = newCode();
      const expiresAtMs = now() + codeMs;
      await store.saveEdgeCode({ codeHash: digest(code), edgeId, expiresAtMs });
      return { code, expiresAtMs };
    },
    enrol: async (edgeId, code) => {
      if (!(await store.takeEdgeCode(digest(code), edgeId, now()))) return undefined;
      const password = randomBytes(24).toString('base64url');
      const passwordHash = hashPassword(password);
      await store.saveEdgeCredential({ edgeId, passwordHash, createdAtMs: now() });
      await look();
      end(edgeId);
      return password;
    },
    revoke: async (edgeId) => {
      const isKnown = await store.revokeEdge(edgeId);
      await look();
      return isKnown;
    },
    check: async (edgeId, password) => {
      const credential = await store.edgeCredential(edgeId);
      if (credential === undefined || credential.revoked) return false;
      return verifyPassword(credential.passwordHash, password);
    },
    mayReport: (edgeId) => !revoked.has(edgeId),
    onEnd: (listener) => listeners.push(listener),
    start: async () => {
      await look();
      // A store that cannot be asked now is asked again.
      timer = setInterval(() => void look().catch(() => undefined), lookAgainMs);
    },
    stop: () => clearInterval(timer),
  };
}

function newCode(): string {
  const letters = [...randomBytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]);
  return (letters.join('').match(/.{4}/g) ?? []).join('-');
}

/** Read aloud and typed in: dashes, blanks and small letters change nothing. */
function digest(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return createHash('sha256').update(plain).digest('hex');
}
