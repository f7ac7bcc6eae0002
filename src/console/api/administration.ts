/** Routes for administrators, technicians and auditors, and for the own account. All throw `ApiError`. */
import type { Role, Scope } from '../../contract/access-rights.ts';
import type { OneTimeToken, OpenSessionView, UserView } from '../../contract/account-view.ts';
import type { AuditAction, AuditRow, AuditVerification } from '../../contract/audit-view.ts';
import type { DeletionView } from '../../contract/deletion-certificate.ts';
import type { EdgeCode, EdgeCredentialView } from '../../contract/enrolment.ts';
import type { GivenUpDelivery } from '../../contract/given-up-delivery.ts';
import type { HoldView } from '../../contract/hold-view.ts';
import { request } from './request.ts';

export type UserDraft = Readonly<{ username: string; role: Role; scope: Scope }>;

const user = (userId: string): string => `/api/users/${encodeURIComponent(userId)}`;

export const readUsers = () => request<readonly UserView[]>('GET', '/api/users');
export const createUser = (draft: UserDraft) =>
  request<{ user: UserView; token: OneTimeToken }>('POST', '/api/users', draft);
export const changeUser = (
  userId: string,
  change: Readonly<{ role?: Role; scope?: Scope; disabled?: boolean }>,
) => request<UserView>('PATCH', user(userId), change);
export const resetPassword = (userId: string) =>
  request<OneTimeToken>('POST', `${user(userId)}/reset`);
export const readSessions = (userId: string) =>
  request<readonly OpenSessionView[]>('GET', `${user(userId)}/sessions`);
export const endSessions = (userId: string) =>
  request<unknown>('DELETE', `${user(userId)}/sessions`);

export const readOwnSessions = () =>
  request<readonly OpenSessionView[]>('GET', '/api/account/sessions');
export const endOwnSession = (sessionId: string) =>
  request<unknown>('DELETE', `/api/account/sessions/${encodeURIComponent(sessionId)}`);
export const changeOwnPassword = (body: Readonly<{ current: string; password: string }>) =>
  request<unknown>('POST', '/api/account/password', body);
export const choosePassword = (body: Readonly<{ token: string; password: string }>) =>
  request<unknown>('POST', '/api/choose-password', body);

export type RegisterQuery = Readonly<{
  actor?: string | undefined;
  action?: AuditAction | undefined;
  outcome?: 'done' | 'refused' | undefined;
  beforeNumber?: number | undefined;
}>;

const words = (query: Readonly<Record<string, string | number | undefined>>): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString();

export const registerPageSize = 100;
export const readRegister = (query: RegisterQuery) =>
  request<readonly AuditRow[]>('GET', `/api/audit?${words({ ...query, limit: registerPageSize })}`);
export const verifyRegister = () => request<AuditVerification>('GET', '/api/audit/verification');
export const registerExportAddress = (query: RegisterQuery, reason: string): string =>
  `/api/audit/export?${words({ ...query, beforeNumber: undefined, reason })}`;

export const readHolds = () => request<readonly HoldView[]>('GET', '/api/holds');
export const releaseEvent = (eventId: string, reason: string) =>
  request<unknown>('POST', `/api/events/${eventId}/release`, { reason });

export const deletionsPageSize = 20;
export const readDeletions = (beforeNumber: number | undefined) =>
  request<readonly DeletionView[]>(
    'GET',
    `/api/deletions?${words({ beforeNumber, limit: deletionsPageSize })}`,
  );

export const readEdgeCredentials = () =>
  request<readonly EdgeCredentialView[]>('GET', '/api/edge-credentials');
export const makeEdgeCode = (edgeId: string) =>
  request<EdgeCode>('POST', `/api/edges/${edgeId}/code`);
export const revokeEdge = (edgeId: string) =>
  request<unknown>('DELETE', `/api/edges/${edgeId}/credential`);

export const readUntold = () =>
  request<readonly GivenUpDelivery[]>('GET', '/api/webhooks/given-up');
export const retryUntold = (deliveryId: string) =>
  request<unknown>('POST', `/api/webhooks/given-up/${deliveryId}/retry`);
