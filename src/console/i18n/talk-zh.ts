/** The words of speaking to a lane in Chinese. */
const reasons: Readonly<Record<string, string>> = {
  insecure: '浏览器只在 HTTPS 下允许使用麦克风',
  NotAllowedError: '浏览器没有允许使用麦克风',
  NotFoundError: '没有找到麦克风',
  NotReadableError: '麦克风被其他程序占用',
  connection: '与中心失去连接，喊话已停',
};

export const talkZh = {
  button: { idle: '按住喊话', opening: '正在接通…', talking: '正在喊话' },
  hint: '按住说话，松开即停',
  opening: '正在接通音柱',
  talking: '请讲话',
  delay: (milliseconds: number) => `请讲话 · 延迟约 ${milliseconds} 毫秒`,
  missing: (names: string) => ` · 未接通：${names}`,
  busy: (name: string) => `${name} 正在喊话`,
  failed: (reason: string) => `喊话没有成功：${reason}`,
  reasons,
};

export type TalkTexts = typeof talkZh;
