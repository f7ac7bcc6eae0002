/** The register for those who check: filtered, verified, and as a table for a spreadsheet. */
import { Readable } from 'node:stream';
import { type Static, Type } from 'typebox';
import { AuditAction, AuditRow, AuditVerification } from '../../contract/audit-view.ts';
import type { Register } from '../store/audit.ts';
import type { App } from './app.ts';
import { Query } from './body.ts';
import { Refusal } from './http-error.ts';
import type { Reach } from './policy.ts';

const tags = ['register'];
const page = 500;

const filters = {
  actor: Type.Optional(Type.String({ maxLength: 64 })),
  action: Type.Optional(AuditAction),
  outcome: Type.Optional(Type.Union([Type.Literal('done'), Type.Literal('refused')])),
  cameraId: Type.Optional(Type.String({ maxLength: 32 })),
  fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
  toMs: Type.Optional(Type.Integer({ minimum: 0 })),
  beforeNumber: Type.Optional(Type.Integer({ minimum: 1 })),
};
const Filter = Query({
  ...filters,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: page, default: 100 })),
});
const ExportFilter = Query({
  ...filters,
  reason: Type.String({
    minLength: 3,
    maxLength: 200,
    description: 'why; it stands in the register',
  }),
});

export function addAuditRoutes(app: App, { store }: Readonly<{ store: Register }>): void {
  app.get(
    '/api/audit',
    {
      config: { policy: { action: 'audit.read', object: 'list' } },
      schema: {
        summary: 'What was done and seen, newest first',
        tags,
        querystring: Filter,
        response: { 200: Type.Array(AuditRow), 400: Refusal, 401: Refusal, 403: Refusal },
      },
    },
    async ({ query, reach }) => [
      ...(await store.auditRows({ ...query, limit: query.limit ?? 100, ...within(reach) })),
    ],
  );
  app.get(
    '/api/audit/verification',
    {
      config: { policy: { action: 'audit.read', object: 'centre' } },
      schema: {
        summary:
          'Reads the whole register again and names the first row that is not as it was written',
        tags,
        response: { 200: AuditVerification, 401: Refusal, 403: Refusal },
      },
    },
    () => store.verifyAudit(),
  );
  app.get(
    '/api/audit/export',
    {
      exposeHeadRoute: false,
      config: {
        policy: { action: 'audit.read', object: 'list' },
        audit: 'register-exported',
        atOnce: 'exports',
      },
      schema: {
        summary: 'The register as CSV; the reason stands in the register',
        tags,
        querystring: ExportFilter,
        produces: ['text/csv'],
        response: {
          200: Type.Unsafe<Readable>({ type: 'string' }),
          400: Refusal,
          401: Refusal,
          403: Refusal,
        },
      },
    },
    async (request, reply) => {
      const { reason, ...filter } = request.query;
      request.auditDetail = { reason, ...filter };
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="register.csv"')
        .header('cache-control', 'private, no-store')
        .send(Readable.from(lines(store, { ...filter, ...within(request.reach) })));
    },
  );
}

const within = ({ cameraIds }: Reach) => (cameraIds === undefined ? {} : { cameraIds });

type Filtered = Omit<Static<typeof ExportFilter>, 'reason'> & ReturnType<typeof within>;
const columns = [
  'number',
  'atMs',
  'actor',
  'address',
  'action',
  'outcome',
  'cameraId',
  'object',
  'detail',
] as const;

async function* lines(store: Register, filter: Filtered): AsyncGenerator<string> {
  // The mark tells spreadsheets that the text is UTF-8.
  yield `\uFEFFnumber,time,actor,address,action,outcome,camera,object,detail\r\n`;
  let beforeNumber = filter.beforeNumber;
  for (;;) {
    const rows = await store.auditRows({
      ...filter,
      ...(beforeNumber === undefined ? {} : { beforeNumber }),
      limit: page,
    });
    if (rows.length > 0) yield rows.map(line).join('');
    if (rows.length < page) return;
    beforeNumber = rows.at(-1)?.number;
  }
}

function line(row: AuditRow): string {
  const shown: AuditRow | Readonly<Record<string, unknown>> = {
    ...row,
    atMs: new Date(row.atMs).toISOString(),
  };
  return `${columns.map((name) => cell((shown as Readonly<Record<string, unknown>>)[name])).join(',')}\r\n`;
}

/** Quoted; what a spreadsheet would take for a formula is marked as text. */
function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
