/** What an export says about itself: which files, their hashes, who took them and why; signed by the centre. */
import { type Static, Type } from 'typebox';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const Manifest = Type.Object({
  format: Type.Literal('haoguanjia-export'),
  version: Type.Literal(1),
  alarmId: Type.String(),
  exportedAt: Type.String(),
  exportedBy: Type.String(),
  reason: Type.String(),
  /** Fingerprint of the public key. */
  centre: Type.String(),
  publicKey: Type.String(),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Sha256,
      /** Of what a watermark was burnt into: the hash of what the centre keeps. */
      originalSha256: Type.Optional(Sha256),
    }),
  ),
  /** What the alarm has and the export has not. */
  omitted: Type.Array(Type.Object({ name: Type.String(), reason: Type.String() })),
});
export type Manifest = Readonly<Static<typeof Manifest>>;

export const manifestName = 'manifest.json';
/** Base64 of the ed25519 signature over the bytes of the manifest. */
export const signatureName = 'manifest.sig';
