/** The map's words in Chinese. */
export const mapZh = {
  title: '辖区平面图',
  everywhere: '全辖区',
  picture: '辖区底图',
  back: '返回总览',
  attention: '需要处理',
  allWell: '没有告警，摄像机和音柱正常',
  zones: '分区广播',
  conditions: {
    proven: '已验证',
    flagged: '超过一天未验证',
    unproven: '无法自证，待人工确认',
    unknown: '尚未检测',
    failed: '音柱故障',
  },
};
