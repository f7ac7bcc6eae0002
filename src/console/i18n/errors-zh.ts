/** What the console says when something fails, in Chinese. */
export const errorsZh = {
  network: '连不上中心服务，请检查网络',
  unexpected: '中心服务没有给出可读的回答',
  codes: {
    'wrong-credentials': '用户名或密码不对',
    forbidden: '您的角色没有这个权限',
    'name-taken': '这个用户名已被使用',
    'last-administrator': '这是最后一个管理员，请先另设一个',
    'own-account': '这是您自己的账号，请直接修改密码',
    'wrong-token': '一次性口令不对，或已经用过',
    conflict: '别人已先处理了，已显示最新状态',
    'not-found': '没有找到',
    'edge-offline': '边缘设备不在线，轨迹在它那里，上线后再试',
    'edge-silent': '边缘设备没有回答（可能版本太旧），请稍后再试',
    'edge-busy': '边缘设备正在为别人计算，请稍后再试',
    'edge-failed': '边缘设备算不出来，原因在它的日志里',
    'in-use': '还有规则在用它，请先修改那条规则',
    'foreign-origin': '请求来自别的网站，已拒绝',
    'disk-full': '中心服务的磁盘已满，什么也没有改动，请腾出空间再试',
    'store-unreachable': '中心服务的数据库没有应答，什么也没有改动，请稍后再试',
    internal: '中心服务内部出错，原因在它的日志里',
  },
  tooMany: '尝试太频繁，请一分钟后再试',
  action: '操作没有成功',
  retry: '再试一次',
  page: '这个页面出错了',
};

export type ErrorsTexts = typeof errorsZh;
