/** Stands in the place of a list or page whose data could not be read: the reason, and a way to try again. */
import { Alert, Button } from 'antd';
import { errorText } from '../api/error-text.ts';
import { useTexts } from '../i18n/language.tsx';

export function RequestFailure({
  error,
  retry,
}: Readonly<{ error: unknown; retry: () => unknown }>) {
  const texts = useTexts();
  return (
    <Alert
      className="request-failure"
      type="error"
      showIcon
      title={errorText(error, texts)}
      action={
        <Button size="small" onClick={() => void retry()}>
          {texts.errors.retry}
        </Button>
      }
    />
  );
}
