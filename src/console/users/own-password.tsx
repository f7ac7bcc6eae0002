/** Changes the password of whoever is signed in. */
import { useMutation } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { changeOwnPassword } from '../api/administration.ts';
import { useTexts } from '../i18n/language.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';

type Fields = Readonly<{ current: string; password: string }>;
const leastPasswordLength = 10;

export function OwnPassword({ close }: Readonly<{ close: () => void }>) {
  const { administration, signIn } = useTexts();
  const { notification } = App.useApp();
  const notifyFailure = useFailureNotice();
  const [form] = Form.useForm<Fields>();
  const changing = useMutation({
    mutationFn: changeOwnPassword,
    onError: notifyFailure,
    onSuccess: () => {
      notification.success({ title: administration.account.done, placement: 'bottomLeft' });
      close();
    },
  });
  const required = { required: true, message: signIn.required };
  return (
    <Modal
      open
      title={administration.account.title}
      okText={administration.users.save}
      cancelText={administration.users.cancel}
      confirmLoading={changing.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Fields> form={form} layout="vertical" onFinish={(fields) => changing.mutate(fields)}>
        <Form.Item name="current" label={administration.account.current} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="password"
          label={administration.account.fresh}
          rules={[required, { min: leastPasswordLength, message: signIn.tooShort }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
