/** Makes a user, or changes role and scope of one. */
import { Form, Input, Modal, Radio, Select } from 'antd';
import { Role, type Scope } from '../../contract/access-rights.ts';
import type { UserView } from '../../contract/account-view.ts';
import type { UserDraft } from '../api/administration.ts';
import { useCameras } from '../api/queries.ts';
import { useTexts } from '../i18n/language.tsx';

type Fields = Readonly<{
  username: string;
  role: Role;
  reach: 'all' | 'some';
  grids?: string[];
  cameras?: string[];
}>;

const saveButton = { 'data-testid': 'save-user' } as const;
const roles = Role.anyOf.map((one) => one.const);

export function UserForm({
  user,
  save,
  close,
}: Readonly<{
  user: UserView | undefined;
  save: (draft: UserDraft) => void;
  close: () => void;
}>) {
  const { administration } = useTexts();
  const words = administration.users;
  const [form] = Form.useForm<Fields>();
  const reach = Form.useWatch('reach', form);
  const role = Form.useWatch('role', form);
  return (
    <Modal
      open
      title={user === undefined ? words.add : `${words.change}: ${user.username}`}
      okText={words.save}
      cancelText={words.cancel}
      okButtonProps={saveButton}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={initial(user)}
        onFinish={(fields) => save(draftOf(fields))}
      >
        <Form.Item name="username" label={words.username} rules={[{ required: true, max: 64 }]}>
          <Input disabled={user !== undefined} autoComplete="off" data-testid="user-name" />
        </Form.Item>
        <Form.Item
          name="role"
          label={words.role}
          rules={[{ required: true }]}
          extra={role === undefined ? null : administration.roleHint[role]}
        >
          <Select
            data-testid="user-role"
            options={roles.map((value) => ({ value, label: administration.role[value] }))}
          />
        </Form.Item>
        <Form.Item name="reach" label={words.scope}>
          <Radio.Group
            options={[
              { value: 'all', label: words.wholeCentre },
              { value: 'some', label: words.someCameras },
            ]}
          />
        </Form.Item>
        {reach === 'some' ? <ScopeFields /> : null}
      </Form>
    </Modal>
  );
}

function ScopeFields() {
  const words = useTexts().administration.users;
  const cameras = useCameras().data ?? [];
  const grids = [...new Set(cameras.flatMap(({ grid }) => grid ?? []))];
  return (
    <>
      <Form.Item name="grids" label={words.grids}>
        <Select mode="tags" options={grids.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item
        name="cameras"
        label={words.cameras}
        dependencies={['grids']}
        rules={[({ getFieldValue }) => seesSomething(getFieldValue('grids'), words.scopeEmpty)]}
      >
        <Select
          mode="multiple"
          optionFilterProp="label"
          options={cameras.map(({ cameraId, name }) => ({ value: cameraId, label: name }))}
        />
      </Form.Item>
    </>
  );
}

/** Somebody who may see nothing at all has no use for an account, and nobody notices why. */
function seesSomething(grids: readonly string[] = [], message: string) {
  const validator = async (_: unknown, cameras: readonly string[] = []): Promise<void> => {
    if (grids.length + cameras.length === 0) throw new Error(message);
  };
  return { validator };
}

function initial(user: UserView | undefined): Partial<Fields> {
  if (user === undefined) return { role: 'operator', reach: 'all' };
  const { username, role, scope } = user;
  return scope.kind === 'all'
    ? { username, role, reach: 'all' }
    : { username, role, reach: 'some', grids: scope.grids, cameras: scope.cameras };
}

function draftOf({ username, role, reach, grids = [], cameras = [] }: Fields): UserDraft {
  const scope: Scope = reach === 'all' ? { kind: 'all' } : { kind: 'some', grids, cameras };
  return { username: username.trim(), role, scope };
}
