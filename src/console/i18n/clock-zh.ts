/** Of times that may be wrong, in Chinese. */
export const clockZh = {
  suspect: '时间存疑',
  jumped: (ahead: string) => `边缘设备的时钟在事件前后被调整（${ahead}），时间可能不准`,
  implausible: '边缘设备的时钟停在不可能的日期，时间不准',
  differs: (ahead: string) => `边缘设备与中心的时钟不一致（${ahead}）`,
  ahead: (amount: string) => `快 ${amount}`,
  behind: (amount: string) => `慢 ${amount}`,
  unknown: '幅度不明',
  seconds: (count: number) => `${count} 秒`,
  minutes: (count: number) => `${count} 分钟`,
  hours: (count: number) => `${count} 小时`,
  days: (count: number) => `${count} 天`,
};
