/** The rules that the demo's two cameras start with; the operator can redraw them in the console. */
import type { CameraRules } from '../contract/rule.ts';

export const demoCameras = [
  {
    cameraId: 'square-east',
    name: '广场东口',
    lane: '东大街',
    community: '东大街社区',
    grid: '东大街网格',
  },
  {
    cameraId: 'square-west',
    name: '广场西口',
    lane: '道前街',
    community: '道前社区',
    grid: '道前网格',
  },
] as const;

export const demoRules: Readonly<Record<(typeof demoCameras)[number]['cameraId'], CameraRules>> = {
  'square-east': {
    schemaVersion: 1,
    tripwires: [
      {
        ruleId: 'east-gate',
        name: '东门划线',
        points: [
          [0.93, 0.45],
          [0.84, 0.85],
        ],
        direction: 'both',
        response: {
          severity: 'warning',
          cooldownSeconds: 8,
          announcement: {
            kind: 'speech',
            text: '您已进入警戒区域，请立即离开，有事请拨打110',
            language: 'zh-CN',
          },
        },
      },
    ],
    watchPoints: [
      {
        ruleId: 'notice-board',
        name: '公告栏虚拟警卫',
        centre: [0.62, 0.42],
        radiusOfHeight: 0.08,
        passes: 3,
        windowSeconds: 600,
        response: { severity: 'emergency' },
      },
    ],
  },
  'square-west': {
    schemaVersion: 1,
    tripwires: [
      {
        ruleId: 'west-path',
        name: '西侧小路',
        points: [
          [0.42, 0.62],
          [0.5, 0.3],
        ],
        direction: 'a-to-b',
        response: { severity: 'information', cooldownSeconds: 20 },
      },
    ],
  },
};
