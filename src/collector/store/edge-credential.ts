/** How edges sign in at the broker, and the one-time codes with which they get there; both as hashes only. */

export type EdgeCredential = Readonly<{
  edgeId: string;
  /** As Mosquitto writes it: `$7$iterations$salt$hash`. */
  passwordHash: string;
  createdAtMs: number;
  revoked: boolean;
}>;

export type EdgeCredentials = Readonly<{
  saveEdgeCode: (
    code: Readonly<{ codeHash: string; edgeId: string; expiresAtMs: number }>,
  ) => Promise<void>;
  /** True once: the code is gone then. */
  takeEdgeCode: (codeHash: string, edgeId: string, nowMs: number) => Promise<boolean>;
  /** Replaces what the edge had before. */
  saveEdgeCredential: (credential: Omit<EdgeCredential, 'revoked'>) => Promise<void>;
  edgeCredentials: () => Promise<readonly EdgeCredential[]>;
  edgeCredential: (edgeId: string) => Promise<EdgeCredential | undefined>;
  /** False when the edge never had any. */
  revokeEdge: (edgeId: string) => Promise<boolean>;
}>;
