/** Which rules speak with a recording or a template of the library, and what may therefore not be done with it. */
import type { FastifyRequest } from 'fastify';
import { allRules } from '../../contract/rule.ts';
import type { RuleAnnouncement } from '../../contract/rule-response.ts';
import type { Store } from '../store/store.ts';
import { HttpRefusal } from './http-error.ts';

/** A rule that speaks with it. */
type Use = Readonly<{ cameraId: string; rule: string }>;
type IsUsed = (wanted: RuleAnnouncement) => boolean;

export const isRecording =
  (name: string): IsUsed =>
  (wanted) =>
    wanted.kind === 'recording' && wanted.name === name;
export const isTemplate =
  (templateId: string): IsUsed =>
  (wanted) =>
    wanted.kind === 'template' && wanted.templateId === templateId;

export async function usesOf(
  store: Pick<Store, 'allRules'>,
  isUsed: IsUsed,
): Promise<readonly Use[]> {
  return (await store.allRules()).flatMap(({ cameraId, rules }) =>
    allRules(rules).flatMap(({ name, ruleId, response }) => {
      const wanted = [response?.announcement, response?.voice?.again, response?.voice?.third];
      const speaks = wanted.some((one) => one !== undefined && isUsed(one));
      return speaks ? [{ cameraId, rule: name ?? ruleId }] : [];
    }),
  );
}

export function refuseUsed({ reach }: Pick<FastifyRequest, 'reach'>, uses: readonly Use[]): void {
  if (uses.length === 0) return;
  const seen = uses.find(({ cameraId }) => reach.covers(cameraId));
  const who =
    seen === undefined
      ? 'a rule of a camera outside your own'
      : `the rule "${seen.rule}" of camera ${seen.cameraId}`;
  throw new HttpRefusal(409, 'in-use', `${who} speaks with it; change that rule first`);
}

/** The library is everybody's: what lanes outside one's own say is not changed from here. */
export function refuseHeardElsewhere(request: FastifyRequest, uses: readonly Use[]): void {
  if (uses.every(({ cameraId }) => request.reach.covers(cameraId))) return;
  request.refusedBecause = 'scope';
  const message = 'lanes outside your own speak with it; give yours another name';
  throw new HttpRefusal(403, 'forbidden', message);
}
