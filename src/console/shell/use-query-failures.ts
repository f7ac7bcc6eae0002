/** Tells of reads that fail in the background. That the centre cannot be reached at all is told by the banner instead. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from '../api/request.ts';
import { useFailureNotice } from './failure-notice.tsx';

export function useQueryFailures(): void {
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error') return;
        const { error } = event.action;
        if (!(error instanceof ApiError) || error.status !== 0) notifyFailure(error);
      }),
    [queries, notifyFailure],
  );
}
