/**
 * Who may do what. A role says which actions, a scope says on which cameras; the collector enforces both on every route,
 * the console hides what would be refused.
 */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';

export const Role = Type.Union([
  Type.Literal('operator'),
  Type.Literal('supervisor'),
  Type.Literal('administrator'),
  Type.Literal('technician'),
  Type.Literal('auditor'),
]);
export type Role = Static<typeof Role>;

/** The cameras that a user reaches: all, or those of some grids together with some by name. */
export const Scope = Type.Union([
  Type.Object({ kind: Type.Literal('all') }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('some'),
      grids: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 500 }),
      cameras: Type.Array(Id, { maxItems: 20_000 }),
    },
    { additionalProperties: false },
  ),
]);
export type Scope = Readonly<Static<typeof Scope>>;

const everybody = ['operator', 'supervisor', 'administrator', 'technician', 'auditor'] as const;
const watching = ['operator', 'supervisor', 'administrator'] as const;
const deciding = ['supervisor', 'administrator'] as const;

/** Every action and the roles that may do it. Pictures of people are for those who watch, not for those who mend or check. */
const rights = {
  /** The own password and the own sessions. */
  'account.own': everybody,
  /** Names, places and states of cameras, edges and speakers. */
  'directory.read': everybody,
  'alarm.read': watching,
  'alarm.handle': watching,
  /** Snapshots, clips and events. */
  'recording.view': watching,
  'recording.export': deciding,
  /** Keeping a recording beyond its time. */
  'recording.hold': deciding,
  'live.watch': [...watching, 'technician'],
  'speaker.use': watching,
  'rules.read': [...watching, 'technician'],
  'rules.change': [...deciding, 'technician'],
  'edge.enrol': ['administrator', 'technician'],
  'system.change': ['administrator'],
  'user.manage': ['administrator'],
  'audit.read': ['administrator', 'auditor'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Action = keyof typeof rights;

export function may(role: Role, action: Action): boolean {
  return (rights[action] as readonly Role[]).includes(role);
}
