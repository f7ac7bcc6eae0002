/** The page that a technician opens beside the box: every camera with its state and why, in Chinese and English. */
import type { BlindReason } from '../../contract/blind-time.ts';
import type { CameraHealth } from '../../contract/edge-report.ts';
import type { BoxReport, CameraLoad, Verdict } from './box-report.ts';

const states: Readonly<Record<CameraHealth['state'], string>> = {
  connecting: '连接中 connecting',
  live: '正常 live',
  degraded: '画面受损 degraded',
  stalled: '画面停住 stalled',
  'auth-failed': '密码错误 password refused',
  offline: '离线 offline',
};

const blindReasons: Readonly<Record<BlindReason, string>> = {
  offline: '离线 offline',
  stalled: '画面停住 stalled',
  starting: '启动 starting',
  suspended: '画面形状已变 suspended',
  tampered: '被遮挡或移动 tampered',
  masked: '在隐私遮挡内 masked',
  rate: '帧率不足 rate',
  stopped: '停机 stopped',
};

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem;background:#10151c;color:#e6edf3}
table{border-collapse:collapse;width:100%}td,th{padding:.4rem .8rem;border-bottom:1px solid #30363d;text-align:left}
.ok{color:#3fb950}.bad{color:#ff7b72}small{color:#8b949e}`;

export function statusPage(report: BoxReport, verdict: Verdict): string {
  const { health, brokerConnected, looks } = report;
  const facts = [
    brokerConnected
      ? '<span class="ok">已连接 connected</span>'
      : '<span class="bad">未连接 not connected</span>',
    `待发送 waiting to be sent: ${health.outboxRows}`,
    `推理 inference: ${health.inferenceMs === undefined ? '–' : `${health.inferenceMs.toFixed(0)} ms`}`,
    ...(looks.isOverloaded
      ? [
          `<span class="bad">推理过载，安静的画面看得较少 overloaded: quiet cameras are looked at later${lateText(looks)}</span>`,
        ]
      : []),
  ];
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>${escaped(health.edgeId)}</title><style>${style}</style>
<h1>${escaped(health.edgeId)} <span class="${verdict.ok ? 'ok' : 'bad'}">${verdict.ok ? '✓' : '✗'}</span></h1>
<p>中心 centre: ${facts.join(' · ')}</p>
<table><tr><th>摄像机 camera<th>状态 state<th>每秒分析 analysed/s<th>画面 picture<th>检测与连接 looks and connection<th>规则 rules<th>说明 why</tr>
${health.cameras.map((camera) => row(camera, report)).join('\n')}</table>`;
}

function lateText({ late }: BoxReport['looks']): string {
  if (late.length === 0) return '';
  const cameras = late.map(({ cameraId, waitMs }) => `${cameraId} ${(waitMs / 1000).toFixed(1)} s`);
  return `: ${escaped(cameras.join(', '))}`;
}

function row(camera: CameraHealth, { blindToday, loads }: BoxReport): string {
  const { cameraId, name, state, analysedPerSecond, frameAgeMs, width, height, rules } = camera;
  const picture =
    width === undefined || frameAgeMs === undefined
      ? '–'
      : `${width}×${height} <small>${(frameAgeMs / 1000).toFixed(1)} s</small>`;
  const why = [
    camera.reason,
    ...(camera.warnings ?? []),
    rules.refused === undefined ? undefined : `v${rules.refused.version}: ${rules.refused.reason}`,
    ...(camera.degradedRules ?? []).map(({ reason }) => reason),
    blindText(blindToday.filter((entry) => entry.cameraId === cameraId)),
  ].filter((line) => line !== undefined);
  return `<tr><td>${escaped(name)} <small>${escaped(cameraId)}</small><td class="${state === 'live' ? 'ok' : 'bad'}">${states[state]}<td>${analysedPerSecond}<td>${picture}<td><small>${loadText(loads.get(cameraId))}</small><td>v${rules.appliedVersion}<td>${why.map(escaped).join('<br>')}</tr>`;
}

/** What tells a camera with much to look at, and a bad cable, since the worker began. */
function loadText(load: CameraLoad | undefined): string {
  if (load === undefined) return '–';
  const frames = Math.max(1, load.analysedFrames + load.unseenFrames);
  const shareOf = (part: number): string => `${Math.round((100 * part) / frames)} %`;
  return [
    `检测 looked at ${shareOf(load.gatePassedFrames)}`,
    ...(load.unseenFrames === 0 ? [] : [`未看成 looks lost ${shareOf(load.unseenFrames)}`]),
    `连接 connections ${load.connections}`,
    `停顿 stalls ${load.stalls}`,
    `坏帧 decode errors ${load.decodeErrors}`,
  ].join('<br>');
}

/** Of the camera as a whole, and of rules that were blind for a reason of their own. */
function blindText(entries: BoxReport['blindToday']): string | undefined {
  const told = entries.filter(
    ({ ruleId, reason, seconds }) =>
      seconds > 0 && (ruleId === undefined || reason === 'rate' || reason === 'masked'),
  );
  if (told.length === 0) return undefined;
  const texts = told.map(
    ({ ruleId, reason, seconds }) =>
      `${ruleId === undefined ? '' : `${ruleId}: `}${blindReasons[reason]} ${seconds} s`,
  );
  return `今日失明 blind today: ${texts.join(', ')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
