/** What is said of the centre itself and of what it keeps, in Chinese. */
import { clockZh } from './clock-zh.ts';

export const centreZh = {
  clock: clockZh,
  damaged: (when: string) => `中心数据库曾损坏（发现于 ${when}）`,
  kept: (events: number, alarms: number) =>
    `已找回 ${events} 条事件、${alarms} 条告警，其余可能缺失；新告警照常。`,
  lookedAfter: '已处理',
  clockJumped: (from: string, to: string) =>
    `中心时钟从 ${from} 跳到 ${to}，到期删除已暂停；请核对时间。`,
  clockRight: '时间正确，恢复删除',
  certificateEnds: (days: number) =>
    `消息服务器的证书 ${days} 天后到期，到期后连接会中断；请更换。`,
  certificateOver: '消息服务器的证书已过期，设备重连会被拒绝；请更换。',
  untold: {
    title: '外部系统没有收到的通知',
    hint: '对方一天之内都没有接收；记录最多保留一周，可以重发。',
    receiver: '接收方',
    about: '内容',
    kinds: {
      'alarm-raised': '新告警',
      'alarm-changed': '告警变化',
      'camera-changed': '摄像机变化',
      'edge-changed': '边缘设备变化',
      'speaker-changed': '音柱变化',
    } as Readonly<Record<string, string>>,
    since: '产生时间',
    givenUp: '放弃时间',
    attempts: '尝试次数',
    retry: '重发',
  },
  hold: '保留证据',
  release: '解除保留',
  holdReason: '原因（至少三个字，记入登记）',
  held: (by: string, reason: string) => `${by} 已保留，到期不删除：${reason}`,
};

export type CentreTexts = typeof centreZh;
