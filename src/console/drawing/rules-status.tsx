/** Where a camera's rules stand: saved at the centre, applied by the edge, waiting, or refused with the reason. */

import { Spin } from 'antd';
import { useState } from 'react';
import type { CameraView } from '../../contract/console-api.ts';
import { useBlindToday } from '../api/queries.ts';
import { BlindLedger } from '../cameras/blind-ledger.tsx';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';
import { blindText } from './blind-text.ts';

type Shown = Readonly<{
  camera: CameraView;
  /** What the operator calls a rule. */
  nameOf?: (ruleId: string) => string;
}>;

export function RulesStatus({ camera, nameOf = (ruleId) => ruleId }: Shown) {
  return (
    <span className="rules-status">
      <Version camera={camera} />
      <Degraded camera={camera} nameOf={nameOf} />
      <Blind camera={camera} />
    </span>
  );
}

/** Rules that the analysis is too slow for count less than they should, and say so. */
function Degraded({ camera, nameOf }: Required<Shown>) {
  const texts = useTexts();
  return camera.degradedRules?.map(({ ruleId, neededPerSecond, reason }) => (
    <span
      key={ruleId}
      className="rules-degraded"
      data-testid="rule-degraded"
      title={reasonText(reason, texts)}
    >
      ⚠ {texts.rules.degraded(nameOf(ruleId), neededPerSecond)}
    </span>
  ));
}

/** For how long nothing could have been seen today, and why; a click tells of the days before. */
function Blind({ camera: { cameraId, name } }: Readonly<{ camera: CameraView }>) {
  const { rules } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const text = blindText(useBlindToday(cameraId).data ?? [], rules.blind);
  return (
    <>
      <button
        type="button"
        className="text-button"
        data-testid="blind-today"
        onClick={() => setOpen(true)}
      >
        {text ?? rules.blind.notToday}
      </button>
      {isOpen ? (
        <BlindLedger cameraId={cameraId} cameraName={name} close={() => setOpen(false)} />
      ) : null}
    </>
  );
}

function Version({ camera }: Readonly<{ camera: CameraView }>) {
  const texts = useTexts();
  const { rules } = texts;
  const { savedRulesVersion: saved, appliedRulesVersion: applied, refusedRules: refused } = camera;
  if (saved === 0) return <span className="quiet">{rules.notSavedYet}</span>;
  if (applied === saved) {
    return (
      <span className="rules-applied" data-testid="rules-status" data-state="applied">
        ✓ {rules.applied(applied)}
      </span>
    );
  }
  if (refused?.version === saved) {
    return (
      <span className="rules-refused" data-testid="rules-status" data-state="refused">
        ✗ {rules.refused(saved)}: {reasonText(refused.reason, texts)}
        {applied > 0 ? ` · ${rules.refusedKeeps(applied)}` : null}
      </span>
    );
  }
  return (
    <span className="rules-applying" data-testid="rules-status" data-state="applying">
      <Spin size="small" /> {rules.applying(saved)}
    </span>
  );
}
