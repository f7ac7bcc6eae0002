/**
 * Debian's `motion` on the same streams in the same run, for comparison: it compares pictures and looks for nobody.
 * It analyses at the same rate, keeps no pictures, and listens nowhere.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type MotionUnderTest = Readonly<{ pid: number; stop: () => Promise<void> }>;

/** One process for one camera, as its processor time is not told apart otherwise; undefined where motion is not installed. */
export async function startMotion(
  source: string,
  analysisFps: number,
): Promise<MotionUnderTest | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-motion-'));
  const config = join(folder, 'motion.conf');
  const lines = [
    ...['daemon off', 'setup_mode off', 'log_level 3', `target_dir ${folder}`],
    ...[`netcam_url ${source}`, 'netcam_params rtsp_transport=tcp', 'width 768', 'height 576'],
    ...[`framerate ${analysisFps}`, 'picture_output off', 'movie_output off'],
    ...['webcontrol_port 0', 'stream_port 0'],
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child = spawn('motion', ['-n', '-c', config], { stdio: 'ignore', cwd: folder });
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  const stop = async (): Promise<void> => {
    if (started) await ending(child);
    rmSync(folder, { recursive: true, force: true });
  };
  if (!started) await stop();
  return started ? { pid: child.pid ?? 0, stop } : undefined;
}

async function ending(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}
