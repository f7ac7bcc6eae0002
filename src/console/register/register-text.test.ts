/** A row of the register in words. */
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en.ts';
import { clockText, dateText } from '../i18n/time-text.ts';
import { zh } from '../i18n/zh.ts';
import { detailText, objectText } from './register-text.ts';

const id = '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f602';
const names = new Map([['cam-1', '东巷口']]);
const atMs = 1_795_500_000_000;

describe('a row of the register', () => {
  it.each([
    [{ cameraId: 'cam-1', object: `alarm ${id}` }, '东巷口 · 告警 …d4e5f602'],
    [{ cameraId: 'cam-1', object: 'camera cam-1' }, '东巷口'],
    [{ cameraId: 'cam-9', object: `event ${id}` }, 'cam-9 · 事件 …d4e5f602'],
    [{ object: 'user li' }, '用户 li'],
    [{ object: 'GET /api/audit' }, 'GET /api/audit'],
    [{}, ''],
  ])('names its object: %j', (row, text) => {
    expect(objectText(row, names, zh)).toBe(text);
  });

  it.each([
    ['recording-held', { reason: '派出所调取' }, '原因：派出所调取'],
    ['alarm-closed', { reason: 'false-alarm', note: '一只猫' }, '原因：误报；备注：一只猫'],
    ['rules-changed', { version: 3 }, '版本：3'],
    ['access', { because: 'scope' }, '因为：不在其范围内'],
    ['user-changed', { role: 'auditor', disabled: true }, '角色：审计员；停用：是'],
    ['user-created', { scope: { kind: 'some', grids: ['北', '南'], cameras: [] } }, '范围：北、南'],
    ['clock-confirmed', { toMs: atMs }, `到：${dateText(atMs)} ${clockText(atMs)}`],
    ['voice-changed', { unheardOf: [1] }, 'unheardOf：[1]'],
  ] as const)('tells the details of %s', (action, detail, text) => {
    expect(detailText({ action, detail: JSON.stringify(detail) }, zh)).toBe(text);
  });

  it('leaves what is no list of facts as it is, and speaks English too', () => {
    expect(detailText({ action: 'access', detail: 'free text' }, zh)).toBe('free text');
    expect(detailText({ action: 'access' }, zh)).toBe('');
    const closed = { action: 'alarm-closed', detail: '{"reason":"handled"}' } as const;
    expect(detailText(closed, en)).toBe('reason: Handled');
  });
});
