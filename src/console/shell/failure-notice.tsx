/** Shows why something did not succeed. An ended session needs no words: the sign-in page takes over. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback } from 'react';
import { errorText } from '../api/error-text.ts';
import { keys } from '../api/queries.ts';
import { ApiError } from '../api/request.ts';
import { useTexts } from '../i18n/language.tsx';

export function useFailureNotice(): (error: unknown) => void {
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const texts = useTexts();
  return useCallback(
    (error: unknown) => {
      if (error instanceof ApiError && error.status === 401) {
        void queries.invalidateQueries({ queryKey: keys.session });
        return;
      }
      const reason = errorText(error, texts);
      notification.error({
        // The same reason again replaces the one that is shown.
        key: reason,
        title: texts.errors.action,
        description: reason,
        // Not over the pop-up's answers.
        placement: 'bottomLeft',
      });
    },
    [notification, queries, texts],
  );
}
