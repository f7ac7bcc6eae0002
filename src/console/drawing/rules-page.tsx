/** The page of one camera: its live picture, and the tripwires, zones and watch points drawn on it. */
import { Spin } from 'antd';
import { type Dispatch, useEffect, useReducer, useState } from 'react';
import type { AlarmView, RulesView } from '../../contract/console-api.ts';
import { givesPictures } from '../../contract/edge-report.ts';
import { useCameras, useOpenAlarms, useRules } from '../api/queries.ts';
import { snapshotAddress } from '../api/routes.ts';
import { useTexts } from '../i18n/language.tsx';
import { LiveView } from '../live/live-view.tsx';
import { PictureFrame } from '../picture/picture-frame.tsx';
import { useAspectRatio } from '../picture/use-aspect-ratio.ts';
import { useAtWork } from '../popup/use-at-work.ts';
import { RequestFailure } from '../shell/request-failure.tsx';
import { guardLeaving } from '../shell/use-route.ts';
import { DrawingCanvas } from './drawing-canvas.tsx';
import { DrawingTools } from './drawing-tools.tsx';
import type { SeenPerson } from './drawing-warnings.ts';
import { toDrawn } from './drawn-rule.ts';
import {
  type EditorAction,
  hasUnsaved,
  type RulesEditor,
  rulesEditor,
  startEditor,
} from './rules-editor.ts';
import { RulesHead } from './rules-head.tsx';
import { RulesSide } from './rules-side.tsx';
import { useDrawingKeys } from './use-drawing-keys.ts';
import { useElementSize } from './use-element-size.ts';
import { type RuleTrial, useRuleTrial } from './use-rule-trial.ts';
import { useSaving } from './use-saving.ts';
import { WouldBeEvents } from './would-be-layer.tsx';
import './drawing.css';

/** Without a sighting to go by. */
const usualPersonHeight = 0.15;

export function RulesPage({ cameraId }: Readonly<{ cameraId: string }>) {
  const rules = useRules(cameraId);
  if (rules.data !== undefined) return <EditRules view={rules.data} />;
  return rules.isError ? (
    <RequestFailure error={rules.error} retry={rules.refetch} />
  ) : (
    <Spin fullscreen />
  );
}

function EditRules({ view }: Readonly<{ view: RulesView }>) {
  const { cameraId } = view;
  const camera = useCameras().data?.find((one) => one.cameraId === cameraId);
  const alarms = (useOpenAlarms().data ?? []).filter((one) => one.cameraId === cameraId);
  const lastAlarm = alarms[0];
  const [editor, dispatch] = useReducer(rulesEditor, view, ({ rules, rulesVersion }) =>
    startEditor(toDrawn(rules), rulesVersion),
  );
  const [chosenHeight, setChosenHeight] = useState<number>();
  const personHeight = chosenHeight ?? heightIn(lastAlarm) ?? usualPersonHeight;
  const [aspectRatio, setPictureSize] = useAspectRatio(cameraId);
  const trial = useRuleTrial(cameraId);
  const saving = useSaving(cameraId, editor, dispatch);
  useDrawingKeys(dispatch, editor.selectedId, saving.save);
  useUnsavedGuard(hasUnsaved(editor));
  useAtWork(hasUnsaved(editor) || editor.tool !== 'select');
  return (
    <section className="rules-page">
      <RulesHead camera={camera} editor={editor} dispatch={dispatch} saving={saving} />
      <DrawingTools
        editor={editor}
        dispatch={dispatch}
        personHeight={personHeight}
        setPersonHeight={setChosenHeight}
      />
      <div className="rules-picture">
        <PictureFrame aspectRatio={aspectRatio}>
          {lastAlarm?.hasSnapshot ? (
            <img className="picture-fill" src={snapshotAddress(lastAlarm.event.eventId)} alt="" />
          ) : null}
          <LiveView cameraId={cameraId} onPictureSize={setPictureSize} />
          <CanvasPlace
            editor={editor}
            dispatch={dispatch}
            personHeight={personHeight}
            trial={trial}
          />
        </PictureFrame>
      </div>
      <RulesSide
        editor={editor}
        dispatch={dispatch}
        trial={trial}
        surroundings={{
          aspectRatio,
          personHeight,
          masks: editor.rules.flatMap((one) => (one.kind === 'mask' ? [one.rule.points] : [])),
          people: chosenHeight === undefined ? alarms.flatMap(personIn) : [],
          ...(camera !== undefined && givesPictures(camera.state)
            ? { analysedPerSecond: camera.analysedPerSecond }
            : {}),
        }}
      />
    </section>
  );
}

function CanvasPlace({
  editor,
  dispatch,
  personHeight,
  trial: { tried, pointedAt },
}: Readonly<{
  editor: RulesEditor;
  dispatch: Dispatch<EditorAction>;
  personHeight: number;
  trial: RuleTrial;
}>) {
  const [element, size] = useElementSize();
  const isShown = tried !== undefined && tried.drawn.rule.ruleId === editor.selectedId;
  return (
    <div className="canvas-place" ref={element}>
      {size.width > 0 ? (
        <DrawingCanvas editor={editor} dispatch={dispatch} size={size} personHeight={personHeight}>
          {isShown ? (
            <WouldBeEvents firings={tried.replay.firings} pointedAt={pointedAt} size={size} />
          ) : null}
        </DrawingCanvas>
      ) : null}
    </div>
  );
}

/** Where the alarm's person stood, and how tall it was there. */
function personIn({ event }: AlarmView): readonly SeenPerson[] {
  if (!('box' in event)) return [];
  return [{ footPoint: event.footPoint, height: event.box.bottom - event.box.top }];
}

function heightIn(alarm: AlarmView | undefined): number | undefined {
  if (alarm === undefined || !('box' in alarm.event)) return undefined;
  const { top, bottom } = alarm.event.box;
  return Math.round((bottom - top) * 100) / 100;
}

/** Asks before unsaved work is left behind, inside the console and when the window is closed. */
function useUnsavedGuard(unsaved: boolean): void {
  const texts = useTexts();
  useEffect(() => {
    if (!unsaved) return;
    const release = guardLeaving(() => window.confirm(texts.rules.leaveUnsaved));
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    return () => {
      release();
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [unsaved, texts]);
}
