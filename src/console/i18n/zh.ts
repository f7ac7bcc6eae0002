/** The console's words in Chinese, the first language of the duty room. The English dictionary has the same shape. */
import { administrationZh } from './administration-zh.ts';
import { centreZh } from './centre-zh.ts';
import { deletionZh } from './deletion-zh.ts';
import { errorsZh } from './errors-zh.ts';
import { keepingZh } from './keeping-zh.ts';
import { mapZh } from './map-zh.ts';
import { navZh } from './nav-zh.ts';
import { popupZh } from './popup-zh.ts';
import { reasonsZh } from './reasons-zh.ts';
import { rulesZh } from './rules-zh.ts';
import { speakersZh } from './speakers-zh.ts';
import { talkZh } from './talk-zh.ts';
import { voiceZh } from './voice-zh.ts';

export const zh = {
  product: '好管家',
  dutyRoom: '值班室',
  language: 'English',
  listed: (names: readonly string[]) => names.join('、'),

  signIn: {
    title: '值班登录',
    username: '用户名',
    password: '密码',
    submit: '登录并开启声音',
    setupTitle: '首次启动：建立第一个账号',
    setupHint: '一次性口令显示在中心服务的启动日志里，用过即失效。',
    token: '一次性口令',
    newPassword: '设定密码（至少 10 位）',
    setupSubmit: '建立账号并登录',
    tooShort: '至少 10 位',
    required: '必填',
    signOut: '退出登录',
    useToken: '使用一次性口令',
    tokenTitle: '用一次性口令设定密码',
    tokenSubmit: '设定密码并登录',
    back: '返回登录',
  },

  feed: {
    connecting: '正在连接中心…',
    connected: '实时连接正常',
    lost: '与中心失去连接',
    lostSince: (seconds: number) => `已失去 ${seconds} 秒，新告警不会弹出，正在重连`,
  },

  centre: centreZh,
  map: mapZh,

  sound: {
    locked: '声音未开启，点击这里开启',
    mute: '静音',
    unmute: '恢复声音',
    muted: '已静音',
  },

  nav: navZh,

  counts: {
    raised: '待确认',
    acknowledged: '处理中',
    camerasLive: '摄像机在线',
    edgesOnline: '边缘在线',
  },

  severity: { information: '提示', warning: '警告', emergency: '紧急' },
  alarmState: { raised: '待确认', acknowledged: '处理中', closed: '已关闭' },
  closeReason: {
    handled: '已处理',
    'false-alarm': '误报',
    'known-person': '熟人',
    other: '其他',
  },

  announcement: {
    queued: '喊话排队中',
    speaking: '正在喊话',
    sent: '喊话已发出',
    answered: '音柱已接通',
    played: '喊话已播完',
    busy: '音柱占线',
    refused: '音柱拒绝',
    unreachable: '音柱无法连接',
    expired: '喊话已过期',
    withheld: '按设定没有喊话',
    failed: '喊话失败',
  },

  cameraState: {
    connecting: '连接中',
    live: '在线',
    degraded: '画面受损',
    stalled: '画面停顿',
    'auth-failed': '密码错误',
    offline: '离线',
  },

  event: {
    'tripwire-crossed': '越过划线',
    'zone-entered': '进入区域',
    'zone-left': '离开区域',
    'dwell-loitering': '区域内逗留',
    'place-occupied': '区域长时间有人',
    'pass-loitering': '同一人反复经过',
    'crowd-gathered': '人群聚集',
    'camera-tampered': '摄像机异常',
    tampering: {
      covered: '镜头被遮挡',
      turned: '镜头被转动',
      defocused: '画面失焦',
      frozen: '画面冻结',
      'too-dark': '画面过暗',
      reshaped: '画面比例改变，规则已暂停',
    },
    'camera-offline': '摄像机离线',
    offlineCause: {
      'signal-lost': '信号丢失',
      'not-seen': '摄像机未接通',
      refused: '摄像机拒绝密码',
    },
    'camera-back': '摄像机恢复',
    'events-dropped': '边缘存储已满，丢弃了',
    'events-lost': '事件丢失：',
    'outbox-damaged': '边缘发件库损坏，已修复并续号：',
    'sequence-repeated': '边缘编号重复（可能从旧备份恢复）：',
    'warning-answered': '喊话之后：',
    dropped: {
      clip: (count: number) => `${count} 段录像`,
      snapshot: (count: number) => `${count} 张抓拍`,
      notice: (count: number) => `${count} 条普通事件`,
      alarm: (count: number) => `${count} 条告警事件`,
    },
    carriedOver: (count: number) => `挽回 ${count} 条待送事件，其余按编号核对`,
    neverDelivered: (kept: number, missing: number) =>
      `挽回 ${kept} 条待送事件，丢失最多 ${missing} 条（此前从未送达）`,
    lost: (count: number) => `${count} 条未送达`,
    repeated: (count: number) => `${count} 条，均已保留`,
    direction: { 'a-to-b': 'A → B', 'b-to-a': 'B → A' },
    dwell: (seconds: number) => `已逗留 ${seconds} 秒`,
    inOrder: (seconds: number) => `先后越过两条线，间隔 ${seconds} 秒`,
    occupied: (seconds: number) => `已持续 ${seconds} 秒`,
    stay: (seconds: number) => `停留了 ${seconds} 秒`,
    people: (count: number) => `${count} 人`,
    passes: (count: number) => `第 ${count} 次`,
    pass: (index: number) => `第 ${index} 次`,
    link: { 'same-track': '同一轨迹', certain: '确定是同一人', probable: '可能是同一人' },
  },

  alarms: {
    title: '告警',
    none: '没有未处理的告警',
    noHistory: '没有已关闭的告警',
    repeats: (count: number) => `又发生 ${count} 次`,
    late: '迟到',
    lateHint: '断网期间发生，事后补传，不弹出也不喊话',
    storageFault: (edgeId: string) => `边缘 ${edgeId} 磁盘已满，事件可能丢失`,
    open: '查看',
    ago: (seconds: number) =>
      seconds < 60
        ? `${seconds} 秒前`
        : seconds < 3600
          ? `${Math.floor(seconds / 60)} 分钟前`
          : `${Math.floor(seconds / 3600)} 小时前`,
    allCameras: '全部摄像机',
    camera: '摄像机',
    rule: '规则',
    time: '时间',
    closedBy: '关闭人',
    reason: '结果',
    note: '备注',
    older: '更早的告警',
    newest: '回到最新',
    until: '看此时间以前的',
    held: '已保留',
    export: '导出',
    exportReason: '导出事由（记入操作登记和导出文件）',
    exportHint: '导出为一个签名的 tar 文件：告警、带水印的截图、录像片段',
  },

  popup: popupZh,

  live: {
    connecting: '正在打开实时画面…',
    failed: '实时画面打不开',
    retry: '正在重试',
    live: '实时',
    play: '打开实时画面',
    stop: '关闭实时画面',
  },

  wall: {
    title: '监控墙',
    none: '还没有摄像机。边缘设备连上中心后，它的摄像机会自动出现在这里。',
    noPicture: '尚无抓拍',
    draw: '画规则',
    allLive: '全部实时',
    onDemand: '按需打开',
    edgeOffline: '边缘设备与中心断开',
    since: (time: string) => `自 ${time}`,
  },

  cameras: {
    name: '名称',
    place: '位置',
    edge: '边缘',
    state: '状态',
    rate: '分析帧率',
    perSecond: (value: string) => `${value} 帧/秒`,
    rules: '规则版本',
    speaker: '音柱',
    open: '画规则',
    none: '无',
  },

  rules: rulesZh,
  administration: administrationZh,
  deletion: deletionZh,
  keeping: keepingZh,
  voice: voiceZh,
  speakers: speakersZh,
  talk: talkZh,

  errors: errorsZh,
  reasons: reasonsZh,
};

/** Every word in one language; English must fill the same shape, which the compiler checks. */
export type Texts = typeof zh;
