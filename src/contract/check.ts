/**
 * Compiles a schema into a check that answers with the value or with one sentence naming the first fault.
 * In a union on `kind` only the branch of that kind is blamed.
 */
import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';

export type Checked<Value> =
  | Readonly<{ ok: true; value: Value }>
  | Readonly<{ ok: false; reason: string; path: string }>;

const ajv = new Ajv({ allErrors: true, strict: true, strictTuples: false });

/** Returns the check for a schema. The check never throws. */
export function createCheck<Schema extends TSchema>(
  schema: Schema,
): (value: unknown) => Checked<Static<Schema>> {
  const validate = ajv.compile<Static<Schema>>(schema);
  return (value) => {
    if (validate(value)) return { ok: true, value };
    const errors = validate.errors ?? [];
    const fault = mostTelling(errors);
    return { ok: false, reason: sentence(fault, errors), path: fault?.instancePath ?? '' };
  };
}

/** The fault that lies deepest in the value, leaving out branches of a union whose constant did not match. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const wrongBranches = errors
    .filter((error) => error.keyword === 'const')
    .map((error) => branchOf(error.schemaPath));
  const telling = errors.filter(
    (error) => error.keyword !== 'anyOf' && !wrongBranches.includes(branchOf(error.schemaPath)),
  );
  const candidates = telling.length > 0 ? telling : errors;
  return [...candidates].sort((a, b) => depth(b) - depth(a))[0];
}

function branchOf(schemaPath: string): string {
  return /^.*anyOf\/\d+/.exec(schemaPath)?.[0] ?? schemaPath;
}

function depth(error: ErrorObject): number {
  return error.instancePath.split('/').length;
}

function sentence(error: ErrorObject | undefined, all: readonly ErrorObject[]): string {
  if (error === undefined) return 'the value does not fit its schema';
  const place = error.instancePath === '' ? 'the document' : error.instancePath.slice(1);
  if (error.keyword === 'additionalProperties') {
    return `${place} has an unknown field "${String(error.params['additionalProperty'])}"`;
  }
  if (error.keyword === 'const') {
    return `${place} must be ${allowedAt(error.instancePath, all).join(' or ')}`;
  }
  return `${place} ${error.message ?? 'does not fit its schema'}`;
}

/** Every value that a union of constants takes at that place. */
function allowedAt(instancePath: string, errors: readonly ErrorObject[]): readonly string[] {
  const constants = errors.filter(
    (error) => error.keyword === 'const' && error.instancePath === instancePath,
  );
  return [...new Set(constants.map(({ params }) => JSON.stringify(params['allowedValue'])))];
}
