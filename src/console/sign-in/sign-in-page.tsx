/**
 * The door: signing in; at the very first start making the first account with the one-time token of the centre's log;
 * and choosing a password with the token that an administrator handed over.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { choosePassword } from '../api/administration.ts';
import { errorText } from '../api/error-text.ts';
import { keys } from '../api/queries.ts';
import { type Credentials, setUp, signIn } from '../api/routes.ts';
import { useLanguage } from '../i18n/language.tsx';
import { useSound } from '../shell/sound.tsx';
import './sign-in.css';

/** What the centre demands of a new password. */
const leastPasswordLength = 10;

/** How somebody comes in. */
type Way = 'password' | 'setup' | 'token';
type Entry = Partial<Credentials> & Readonly<{ token?: string }>;

export function SignInPage({ needsSetup }: Readonly<{ needsSetup: boolean }>) {
  const { texts, switchLanguage } = useLanguage();
  const [hasToken, setHasToken] = useState(false);
  const way = wayOf(needsSetup, hasToken);
  const titles = {
    password: texts.signIn.title,
    setup: texts.signIn.setupTitle,
    token: texts.signIn.tokenTitle,
  };
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
        <h2>{titles[way]}</h2>
        {needsSetup ? <p>{texts.signIn.setupHint}</p> : null}
        <SignInForm key={way} way={way} />
        {needsSetup ? null : (
          <Button type="link" onClick={() => setHasToken(!hasToken)} data-testid="use-token">
            {hasToken ? texts.signIn.back : texts.signIn.useToken}
          </Button>
        )}
      </section>
    </main>
  );
}

function wayOf(needsSetup: boolean, hasToken: boolean): Way {
  if (needsSetup) return 'setup';
  return hasToken ? 'token' : 'password';
}

function SignInForm({ way }: Readonly<{ way: Way }>) {
  const { texts } = useLanguage();
  const { siren } = useSound();
  const queries = useQueryClient();
  const entering = useMutation({
    mutationFn: (entry: Entry) => enter(way, entry),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.session }),
  });
  const submit = {
    password: texts.signIn.submit,
    setup: texts.signIn.setupSubmit,
    token: texts.signIn.tokenSubmit,
  };
  return (
    <Form<Entry> layout="vertical" size="large" onFinish={(entry) => entering.mutate(entry)}>
      <Fields way={way} />
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
        {submit[way]}
      </Button>
    </Form>
  );
}

function Fields({ way }: Readonly<{ way: Way }>) {
  const { signIn } = useLanguage().texts;
  const required = [{ required: true, message: signIn.required }];
  const isNew = way !== 'password';
  return (
    <>
      {isNew ? (
        <Form.Item name="token" label={signIn.token} rules={required}>
          <Input autoComplete="off" autoFocus data-testid="setup-token" />
        </Form.Item>
      ) : null}
      {way === 'token' ? null : (
        <Form.Item name="username" label={signIn.username} rules={required}>
          <Input autoComplete="username" autoFocus={!isNew} data-testid="username" />
        </Form.Item>
      )}
      <Form.Item
        name="password"
        label={isNew ? signIn.newPassword : signIn.password}
        rules={
          isNew ? [...required, { min: leastPasswordLength, message: signIn.tooShort }] : required
        }
      >
        <Input.Password
          autoComplete={isNew ? 'new-password' : 'current-password'}
          data-testid="password"
        />
      </Form.Item>
    </>
  );
}

/** Each way also signs in. */
async function enter(way: Way, { token = '', username = '', password = '' }: Entry): Promise<void> {
  if (way === 'setup') await setUp({ token: token.trim(), username, password });
  else if (way === 'token') await choosePassword({ token: token.trim(), password });
  else await signIn({ username, password });
}
