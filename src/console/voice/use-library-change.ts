/** Changes the library and reads it anew; a refusal is shown in the collector's own words. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../api/queries.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';

export function useLibraryChange(): Readonly<{
  busy: boolean;
  change: (work: () => Promise<unknown>, done?: () => void) => void;
}> {
  const queries = useQueryClient();
  const notifyFailure = useFailureNotice();
  const { mutate, isPending } = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onError: notifyFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.voice }),
  });
  return {
    busy: isPending,
    change: (work, done) => mutate(work, done === undefined ? {} : { onSuccess: done }),
  };
}

/** An id that nobody has to think of. */
export function newId(kind: string): string {
  return `${kind}-${Date.now().toString(36)}-${Math.floor(Math.random() * 1296).toString(36)}`;
}
