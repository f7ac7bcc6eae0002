/** Keeps a page that fails from taking the alarms with it. React offers this to class components alone. */
import { Alert } from 'antd';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../i18n/language.tsx';

type Props = Readonly<{ children: ReactNode }>;
type State = Readonly<{ failure?: unknown }>;

export class PageBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(failure: unknown): State {
    return { failure };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : <PageFailure failure={failure} />;
  }
}

function PageFailure({ failure }: Readonly<{ failure: unknown }>) {
  const texts = useTexts();
  return (
    <Alert
      className="request-failure"
      type="error"
      showIcon
      title={texts.errors.page}
      description={failure instanceof Error ? failure.message : String(failure)}
    />
  );
}
