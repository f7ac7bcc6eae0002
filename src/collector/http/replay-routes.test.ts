/** The route that asks what a rule would have done: what it hands on, and what it says when there is no answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OneRule } from '../../contract/rule.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import type { AskReplay } from './replay-routes.ts';

const replay = { count: 0, perHour: [], firings: [], tookMs: 3 };
const points = [
  [0.5, 0.9],
  [0.5, 0.3],
];
const rule = { kind: 'tripwire', tripwire: { ruleId: 'gate', points } };

let centre: Centre;
let cookie: string;
let outcome: Awaited<ReturnType<AskReplay>> = { kind: 'replayed', replay };
const asked: (readonly [string, OneRule])[] = [];

beforeAll(async () => {
  const askReplay: AskReplay = async (...question) => {
    asked.push(question);
    return outcome;
  };
  centre = await openCentre({ dependencies: () => ({ askReplay }) });
  const scope = { kind: 'some' as const, grids: ['north'], cameras: [] };
  cookie = await centre.cookieOf(await centre.addUser('supervisor', scope));
});
afterAll(() => centre.close());

async function ask(body: unknown, camera = 'cam-north') {
  const path = `/api/cameras/${camera}/rule-replay`;
  const answer = await centre.ask('POST', path, { cookie, body });
  return [answer.status, await answer.json()] as const;
}

describe('asking what a rule would have done', () => {
  test('hands the rule on without what would be said, and gives the answer', async () => {
    const response = { severity: 'emergency' };
    const spoken = { ...rule, tripwire: { ...rule.tripwire, response } };
    expect(await ask({ rule: spoken })).toEqual([200, replay]);
    expect(asked).toEqual([['cam-north', rule]]);
  });

  test('asks nothing about a camera that is out of reach', async () => {
    expect(await ask({ rule }, 'cam-south')).toMatchObject([404, { error: 'not-found' }]);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [{ rule: { kind: 'tripwire', tripwire: { ruleId: 'gate', points: [points[0]] } } }],
    [{ rule: { ...rule, kind: 'mask' } }],
    [
      {
        rule: {
          kind: 'zone',
          zone: {
            ruleId: 'bow-tie',
            points: [
              [0.1, 0.1],
              [0.9, 0.9],
              [0.9, 0.1],
              [0.1, 0.9],
            ],
          },
        },
      },
    ],
  ])('refuses what cannot be run: %j', async (body) => {
    expect(await ask(body)).toMatchObject([400, {}]);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [{ kind: 'offline', edgeId: 'edge-north' }, 'edge-offline'],
    [{ kind: 'silent', edgeId: 'edge-north' }, 'edge-silent'],
    [{ kind: 'busy', edgeId: 'edge-north' }, 'edge-busy'],
    [{ kind: 'failed', edgeId: 'edge-north', reason: 'no disk' }, 'edge-failed'],
  ] as const)('says why there is no answer: %j', async (told, error) => {
    outcome = told;
    const answer = await ask({ rule });
    expect(answer).toMatchObject([409, { error }]);
    expect(JSON.stringify(answer)).toContain('edge-north');
  });
});
