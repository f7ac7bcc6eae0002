/** What a camera's rules do, with the names that the operators gave them; they are read only where one has to be named. */
import type { CameraView } from '../../contract/console-api.ts';
import { allRules } from '../../contract/rule.ts';
import { useRules } from '../api/queries.ts';
import { RulesStatus } from '../drawing/rules-status.tsx';

export function NamedRulesStatus({ camera }: Readonly<{ camera: CameraView }>) {
  const isNamed = (camera.degradedRules?.length ?? 0) > 0;
  return isNamed ? <WithNames camera={camera} /> : <RulesStatus camera={camera} />;
}

function WithNames({ camera }: Readonly<{ camera: CameraView }>) {
  const rules = useRules(camera.cameraId).data?.rules ?? { schemaVersion: 1 };
  const names = new Map(allRules(rules).map(({ ruleId, name }) => [ruleId, name]));
  return <RulesStatus camera={camera} nameOf={(ruleId) => names.get(ruleId) ?? ruleId} />;
}
