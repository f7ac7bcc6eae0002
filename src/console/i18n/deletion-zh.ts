/** What a deletion certificate says, in Chinese; the English file has the same places. */

export const deletionZh = {
  title: '删除证明',
  open: '查看证明',
  print: '打印',
  close: '关闭',
  statement: (items: number) =>
    `本中心已按保存期限永久删除下列 ${items} 项，并已在操作登记中记载。`,
  row: '登记编号',
  at: '删除时间',
  stored: '所删内容的入库时间',
  range: (oldest: string, newest: string) => `${oldest} 至 ${newest}`,
  counts: '数量',
  camera: '摄像机',
  profile: '适用规定',
  profiles: {
    cn: '中国：公共安全视频一般保存 30 日',
    'cn-key': '中国：重点目标保存 90 日',
    eu: '欧盟：72 小时',
  } as Readonly<Record<string, string>>,
  kept: '保存期限',
  keptBy: (name: string) => `${name} 的保存期限`,
  days: (days: number) => `${days} 天`,
  forSpace: '因磁盘空间不足提前删除',
  hash: '所删编号的 SHA-256',
  hashHint: '把各项写成“类别 编号”一行，排序后逐行以换行结尾，再计算 SHA-256，应与此相同。',
  classes: {
    events: '事件',
    snapshots: '抓拍',
    clips: '录像',
    quarantine: '无法识别的消息',
    feed: '实时消息',
    sessions: '过期的登录',
  } as Readonly<Record<string, string>>,
};

export type DeletionTexts = typeof deletionZh;
