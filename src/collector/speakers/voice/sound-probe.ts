/** What ffprobe finds in a file: whether it is a WAV or an MP3 with sound in it, and how long that is. */
import { because } from '../../../contract/reason.ts';
import { runProgram } from '../child-program.ts';

export type ProbedSound =
  | Readonly<{ ok: true; format: 'wav' | 'mp3'; seconds: number }>
  | Readonly<{ ok: false; reason: string }>;

/** Longer than this nobody in a lane listens. */
export const longestRecordingSeconds = 60;
const shortestSeconds = 0.2;

export async function probeSound(
  path: string,
  signal: AbortSignal,
  mostSeconds = longestRecordingSeconds,
): Promise<ProbedSound> {
  const end = await runProgram({
    program: 'ffprobe',
    // Only these two readers: a playlist that is named .wav must not make ffprobe fetch anything.
    args: [
      ...['-v', 'error', '-format_whitelist', 'wav,mp3', '-protocol_whitelist', 'file'],
      ...['-show_entries', 'format=format_name,duration:stream=codec_type', '-of', 'json', path],
    ],
    timeoutMs: 20_000,
    signal,
  });
  if (!end.ok) {
    const reason = end.missing ? end.reason : because('recording-format');
    return { ok: false, reason };
  }
  return judged(JSON.parse(end.stdout.toString()) as Found, mostSeconds);
}

type Found = Readonly<{
  format?: Readonly<{ format_name?: string; duration?: string }>;
  streams?: readonly Readonly<{ codec_type?: string }>[];
}>;

function judged({ format, streams = [] }: Found, mostSeconds: number): ProbedSound {
  const name = format?.format_name;
  const seconds = Number(format?.duration ?? 0);
  if (name !== 'wav' && name !== 'mp3') return { ok: false, reason: because('recording-format') };
  if (!streams.some(({ codec_type }) => codec_type === 'audio'))
    return { ok: false, reason: because('recording-empty') };
  if (!(seconds >= shortestSeconds)) return { ok: false, reason: because('recording-too-short') };
  if (seconds > mostSeconds)
    return {
      ok: false,
      reason: because('recording-too-long', { seconds: Math.round(seconds), mostSeconds }),
    };
  return { ok: true, format: name, seconds: Math.round(seconds * 100) / 100 };
}
