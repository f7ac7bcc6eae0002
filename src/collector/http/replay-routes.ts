/** What a rule that is being drawn would have done in the last 24 hours; the camera's edge is asked. */
import { Type } from 'typebox';
import { checkRules } from '../../contract/check-rules.ts';
import { Id } from '../../contract/id.ts';
import { OneRule, rulesOf } from '../../contract/rule.ts';
import { RuleReplay } from '../../contract/rule-replay.ts';
import type { App } from './app.ts';
import { Body } from './body.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

/** Asks the edge; answers what it said, or why there is no answer. */
export type AskReplay = (
  cameraId: string,
  rule: OneRule,
) => Promise<
  | Readonly<{ kind: 'replayed'; replay: RuleReplay }>
  | Readonly<{ kind: 'no-camera' }>
  | Readonly<{ kind: 'offline' | 'silent' | 'busy'; edgeId: string }>
  | Readonly<{ kind: 'failed'; edgeId: string; reason: string }>
>;

export function addReplayRoutes(app: App, ask: AskReplay): void {
  app.post(
    '/api/cameras/:cameraId/rule-replay',
    {
      config: {
        policy: { action: 'rules.change', object: 'camera' },
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        summary:
          'What a rule would have done with the tracks of the last 24 hours; nothing is saved',
        tags: ['cameras'],
        params: Type.Object({ cameraId: Id }),
        body: Body({ rule: OneRule }),
        response: {
          200: RuleReplay,
          ...{ 400: Refusal, 404: Refusal, 409: Refusal },
        },
      },
    },
    async ({ params: { cameraId }, body: { rule } }) => {
      const checked = checkRules(rulesOf(rule));
      if (!checked.ok) throw new HttpRefusal(400, 'bad-rules', checked.reason);
      const outcome = await ask(cameraId, withoutResponse(rule));
      switch (outcome.kind) {
        case 'replayed':
          return outcome.replay;
        case 'no-camera':
          throw noSuch('camera', cameraId);
        case 'offline':
          throw refusal('edge-offline', outcome.edgeId, 'is not connected');
        case 'silent':
          throw refusal('edge-silent', outcome.edgeId, 'did not answer');
        case 'busy':
          throw refusal('edge-busy', outcome.edgeId, 'is answering others; try again soon');
        case 'failed':
          throw refusal('edge-failed', outcome.edgeId, `could not: ${outcome.reason}`);
        default:
          return outcome satisfies never;
      }
    },
  );
}

function refusal(code: string, edgeId: string, what: string): HttpRefusal {
  return new HttpRefusal(409, code, `edge box ${edgeId} ${what}`);
}

/** What is said and how severe it is changes nothing about when it fires. */
function withoutResponse(one: OneRule): OneRule {
  switch (one.kind) {
    case 'tripwire': {
      const { response: _, ...tripwire } = one.tripwire;
      return { ...one, tripwire };
    }
    case 'zone': {
      const { response: _, ...zone } = one.zone;
      return { ...one, zone };
    }
    case 'watch-point': {
      const { response: _, ...watchPoint } = one.watchPoint;
      return { ...one, watchPoint };
    }
    default:
      return one satisfies never;
  }
}
