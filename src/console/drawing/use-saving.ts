/** Saving the rules: the version they are based on goes along, and a conflict is an answer that the operator decides. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dispatch } from 'react';
import type { RulesView } from '../../contract/console-api.ts';
import { keys } from '../api/queries.ts';
import { ApiError } from '../api/request.ts';
import { readRules, saveRules } from '../api/routes.ts';
import { type Drawn, toCameraRules, toDrawn } from './drawn-rule.ts';
import type { EditorAction, RulesEditor } from './rules-editor.ts';

export type Saving = Readonly<{
  busy: boolean;
  /** Why the last attempt failed, when it was no conflict. */
  failure: unknown;
  conflictVersion: number | undefined;
  save: () => void;
  takeTheirs: () => void;
  keepMine: () => void;
}>;

type Order = Readonly<{ rules: readonly Drawn[]; basedOnVersion: number }>;

export function useSaving(
  cameraId: string,
  editor: RulesEditor,
  dispatch: Dispatch<EditorAction>,
): Saving {
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: ({ rules, basedOnVersion }: Order) =>
      saveRules(cameraId, toCameraRules(rules), basedOnVersion),
    onSuccess: ({ rulesVersion }, { rules }) => {
      dispatch({ kind: 'saved', rules, version: rulesVersion });
      void queries.invalidateQueries({ queryKey: keys.cameras });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) {
        void queries.invalidateQueries({ queryKey: keys.session });
      }
    },
  });
  const reading = useMutation({
    mutationFn: (): Promise<RulesView> => readRules(cameraId),
    onSuccess: ({ rules, rulesVersion }) => {
      saving.reset();
      dispatch({ kind: 'loaded', rules: toDrawn(rules), version: rulesVersion });
    },
  });
  const conflictVersion = conflictOf(saving.error);
  return {
    busy: saving.isPending || reading.isPending,
    failure: conflictVersion === undefined ? (saving.error ?? reading.error) : reading.error,
    conflictVersion,
    save: () => saving.mutate({ rules: editor.rules, basedOnVersion: editor.baseVersion }),
    takeTheirs: () => reading.mutate(),
    keepMine: () => {
      if (conflictVersion !== undefined) {
        saving.mutate({ rules: editor.rules, basedOnVersion: conflictVersion });
      }
    },
  };
}

function conflictOf(error: unknown): number | undefined {
  return error instanceof ApiError && error.status === 409 ? error.currentVersion : undefined;
}
