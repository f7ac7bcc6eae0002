/** The names of the pages in Chinese. */
export const navZh = {
  wall: '监控墙',
  map: '平面图',
  cameras: '摄像机',
  history: '历史告警',
  speakers: '音柱',
  voice: '喊话库',
  users: '用户',
  edges: '边缘设备',
  register: '操作登记',
  keeping: '留存',
};
