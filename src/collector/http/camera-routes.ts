/** Cameras with their states, and the rules that are drawn on them; edges. */
import { Type } from 'typebox';
import { BlindEntry } from '../../contract/blind-time.ts';
import { checkRules } from '../../contract/check-rules.ts';
import { CameraView, EdgeView, RulesView } from '../../contract/console-api.ts';
import { Id } from '../../contract/id.ts';
import type { VersionedRules } from '../../contract/rule.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Body, Query } from './body.ts';
import { userOf } from './guard.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'cameras' | 'camera' | 'rules' | 'saveRules' | 'edges' | 'blindTime'>;
  publishRules: (saved: VersionedRules) => void;
  now: () => number;
}>;

const Params = Type.Object({ cameraId: Id });
/** The first day that is told, as 2026-11-24. */
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });
const tags = ['cameras'];

export function addCameraRoutes(app: App, { store }: Parts): void {
  app.get(
    '/api/cameras',
    {
      config: { policy: { action: 'directory.read', object: 'list' } },
      schema: { summary: 'All cameras', tags, response: { 200: Type.Array(CameraView) } },
    },
    async ({ reach }) => (await store.cameras()).filter(({ cameraId }) => reach.covers(cameraId)),
  );
  app.get(
    '/api/cameras/:cameraId',
    {
      config: { policy: { action: 'directory.read', object: 'camera' } },
      schema: {
        summary: 'One camera',
        tags,
        params: Params,
        response: { 200: CameraView, 404: Refusal },
      },
    },
    async ({ params }) => {
      const camera = await store.camera(params.cameraId);
      if (camera === undefined) throw noSuch('camera', params.cameraId);
      return camera;
    },
  );
  app.get(
    '/api/cameras/:cameraId/blind-time',
    {
      config: { policy: { action: 'directory.read', object: 'camera' } },
      schema: {
        summary: 'For how long rules of the camera could not have fired, by day and reason',
        tags,
        params: Params,
        querystring: Query({ since: Day }),
        response: { 200: Type.Array(BlindEntry) },
      },
    },
    async ({ params, query }) => [...(await store.blindTime(params.cameraId, query.since))],
  );
  app.get(
    '/api/edges',
    {
      config: { policy: { action: 'directory.read', object: 'list' } },
      schema: { summary: 'The edge boxes', tags, response: { 200: Type.Array(EdgeView) } },
    },
    async ({ reach }) => [...(await store.edges(reach.cameraIds))],
  );
}

export function addRulesRoutes(app: App, { store, publishRules, now }: Parts): void {
  app.get(
    '/api/cameras/:cameraId/rules',
    {
      config: { policy: { action: 'rules.read', object: 'camera' } },
      schema: {
        summary: 'The rules of a camera as they were last saved',
        tags,
        params: Params,
        response: { 200: RulesView },
      },
    },
    ({ params }) => store.rules(params.cameraId),
  );
  app.put(
    '/api/cameras/:cameraId/rules',
    {
      config: { policy: { action: 'rules.change', object: 'camera' }, audit: 'rules-changed' },
      schema: {
        summary: 'Save rules; refused when somebody saved since the version they are based on',
        tags,
        params: Params,
        body: Body({ rules: Type.Unknown(), basedOnVersion: Type.Integer({ minimum: 0 }) }),
        response: { 200: RulesView, 400: Refusal, 404: Refusal, 409: Refusal },
      },
    },
    async (request, reply) => {
      const { cameraId } = request.params;
      const { rules, basedOnVersion } = request.body;
      const checked = checkRules(rules);
      if (!checked.ok) throw new HttpRefusal(400, 'bad-rules', checked.reason);
      if ((await store.camera(cameraId)) === undefined) throw noSuch('camera', cameraId);
      const outcome = await store.saveRules(
        cameraId,
        checked.value,
        basedOnVersion,
        userOf(request),
        now(),
      );
      if (!outcome.ok) {
        return reply.code(409).send({
          error: 'conflict',
          message: `somebody saved version ${outcome.currentVersion} meanwhile; read it and draw again`,
          currentVersion: outcome.currentVersion,
        });
      }
      request.auditDetail = { version: outcome.saved.rulesVersion };
      publishRules(outcome.saved);
      return outcome.saved;
    },
  );
}
