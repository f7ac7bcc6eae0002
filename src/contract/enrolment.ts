/** The words with which an edge comes in. */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';

export const EnrolRequest = Type.Object(
  { edgeId: Id, code: Type.String({ minLength: 1, maxLength: 40 }) },
  { additionalProperties: false },
);

/** For the edge's MQTT connection; shown once. */
export const Enrolled = Type.Object({ username: Id, password: Type.String({ minLength: 1 }) });
export type Enrolled = Readonly<Static<typeof Enrolled>>;

export const EdgeCode = Type.Object({ code: Type.String(), expiresAtMs: Type.Integer() });
export type EdgeCode = Readonly<Static<typeof EdgeCode>>;

export const EdgeCredentialView = Type.Object({
  edgeId: Id,
  createdAtMs: Type.Integer(),
  revoked: Type.Boolean(),
});
export type EdgeCredentialView = Readonly<Static<typeof EdgeCredentialView>>;
