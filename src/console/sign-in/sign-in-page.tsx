/** The door: signing in, or at the very first start making the first account with the one-time token of the centre's log. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { errorText } from '../api/error-text.ts';
import { keys } from '../api/queries.ts';
import { type Credentials, setUp, signIn } from '../api/routes.ts';
import { useLanguage } from '../i18n/language.tsx';
import { useSound } from '../shell/sound.tsx';
import './sign-in.css';

/** What the centre demands of a new password. */
const leastPasswordLength = 10;

type Entry = Credentials & Readonly<{ token?: string }>;

export function SignInPage({ needsSetup }: Readonly<{ needsSetup: boolean }>) {
  const { texts, switchLanguage } = useLanguage();
  return (
    <main className="sign-in">
      <section>
        <header>
          <img src="./icon.svg" alt="" />
          <h1>{texts.product}</h1>
          <Button type="text" onClick={switchLanguage}>
            {texts.language}
          </Button>
        </header>
        <h2>{needsSetup ? texts.signIn.setupTitle : texts.signIn.title}</h2>
        {needsSetup ? <p>{texts.signIn.setupHint}</p> : null}
        <SignInForm needsSetup={needsSetup} />
      </section>
    </main>
  );
}

function SignInForm({ needsSetup }: Readonly<{ needsSetup: boolean }>) {
  const { texts } = useLanguage();
  const { siren } = useSound();
  const queries = useQueryClient();
  const entering = useMutation({
    mutationFn: (entry: Entry) => enter(entry),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.session }),
  });
  const required = [{ required: true, message: texts.signIn.required }];
  return (
    <Form<Entry> layout="vertical" size="large" onFinish={(entry) => entering.mutate(entry)}>
      {needsSetup ? (
        <Form.Item name="token" label={texts.signIn.token} rules={required}>
          <Input autoComplete="off" autoFocus data-testid="setup-token" />
        </Form.Item>
      ) : null}
      <Form.Item name="username" label={texts.signIn.username} rules={required}>
        <Input autoComplete="username" autoFocus={!needsSetup} data-testid="username" />
      </Form.Item>
      <Form.Item
        name="password"
        label={needsSetup ? texts.signIn.newPassword : texts.signIn.password}
        rules={
          needsSetup
            ? [...required, { min: leastPasswordLength, message: texts.signIn.tooShort }]
            : required
        }
      >
        <Input.Password
          autoComplete={needsSetup ? 'new-password' : 'current-password'}
          data-testid="password"
        />
      </Form.Item>
      {entering.isError ? (
        <Alert type="error" showIcon title={errorText(entering.error, texts)} />
      ) : null}
      <Button
        block
        type="primary"
        htmlType="submit"
        loading={entering.isPending}
        data-testid="sign-in-submit"
        // Browsers allow sound only from a click such as this one; a refusal shows in the top bar.
        onClick={() => void siren.unlock().catch(() => false)}
      >
        {needsSetup ? texts.signIn.setupSubmit : texts.signIn.submit}
      </Button>
    </Form>
  );
}

/** Setting up also signs in, unless the centre wants the new account to sign in by itself. */
async function enter({ token, username, password }: Entry): Promise<void> {
  if (token === undefined) await signIn({ username, password });
  else await setUp({ token: token.trim(), username, password });
}
