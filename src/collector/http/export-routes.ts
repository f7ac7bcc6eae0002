/** Taking an alarm out of the centre as one signed file; the reason stands in the register and in the file. */
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { App } from './app.ts';
import { Body } from './body.ts';
import { userOf } from './guard.ts';
import { noSuch, Refusal } from './http-error.ts';

export type ExportDesk = Readonly<{
  publicKey: () => Promise<string>;
  exportAlarm: (
    alarmId: string,
    order: Readonly<{ by: string; reason: string }>,
  ) => Promise<
    | Readonly<{ fileName: string; bytes: number; manifestSha256: string; content: Readable }>
    | undefined
  >;
}>;

const tags = ['alarms'];

export function addExportRoutes(app: App, { exports }: Readonly<{ exports: ExportDesk }>): void {
  app.post(
    '/api/alarms/:alarmId/export',
    {
      config: {
        policy: { action: 'recording.export', object: 'alarm' },
        audit: 'recording-exported',
        atOnce: 'exports',
      },
      schema: {
        summary: 'The alarm with picture, clip and signed manifest as a tar; needs a reason',
        tags,
        params: Type.Object({ alarmId: Type.String({ maxLength: 64 }) }),
        body: Body({
          reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S.*\\S' }),
        }),
        produces: ['application/x-tar'],
        response: {
          200: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }),
          400: Refusal,
          404: Refusal,
          429: Refusal,
        },
      },
    },
    async (request, reply) => {
      const { alarmId } = request.params;
      const reason = request.body.reason.trim();
      const made = await exports.exportAlarm(alarmId, { by: userOf(request), reason });
      if (made === undefined) throw noSuch('alarm', alarmId);
      request.auditDetail = { reason, manifestSha256: made.manifestSha256 };
      return reply
        .type('application/x-tar')
        .header('content-disposition', `attachment; filename="${made.fileName}"`)
        .header('content-length', made.bytes)
        .header('cache-control', 'private, no-store')
        .send(made.content);
    },
  );
  app.get(
    '/api/export-key',
    {
      config: { policy: { action: 'directory.read', object: 'none' } },
      schema: {
        summary: 'The public key that exports of this centre are signed with, PEM',
        tags,
        produces: ['application/x-pem-file'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => reply.type('application/x-pem-file').send(await exports.publicKey()),
  );
}
