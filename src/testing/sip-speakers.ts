/**
 * Real SIP devices for tests: baresip, a phone that answers by itself and writes what it hears as a WAV file, and sipp,
 * which says exactly what a scenario tells it to. Both listen on loopback at a free port.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateOfLoopback } from './loopback-certificate.ts';

export type SipPhone = Readonly<{
  port: number;
  process: ChildProcess;
  /** When it was started with it; its own certificate is its authority. */
  tls?: Readonly<{ port: number; caFile: string }>;
  /** What it heard, one file a call. */
  heard: () => readonly string[];
  stop: () => Promise<void>;
}>;

export type SippSpeaker = Readonly<{
  port: number;
  /** Resolves with sipp's exit code: 0 when everything came as the scenario says. */
  ended: Promise<number | null>;
  stop: () => Promise<void>;
}>;

const modules = [...['g711.so', 'g722.so', 'aubridge.so', 'sndfile.so', 'account.so', 'menu.so']];

export async function startBaresip(
  codecs = 'pcmu/8000/1,pcma/8000/1',
  { tls = false } = {},
): Promise<SipPhone> {
  const folder = mkdtempSync(join(tmpdir(), 'baresip-'));
  const certificate = tls ? certificateIn(folder) : undefined;
  const heardFolder = join(folder, 'heard');
  mkdirSync(heardFolder);
  const port = await freeUdpPort();
  const rate = codecs.startsWith('g722') ? 16000 : 8000;
  const rtpFrom = 20_000 + 2 * (port % 10_000);
  writeFileSync(
    join(folder, 'accounts'),
    `<sip:horn@127.0.0.1:${port}>;regint=0;answermode=auto;audio_codecs=${codecs}\n`,
  );
  writeFileSync(
    join(folder, 'config'),
    [
      `sip_listen 127.0.0.1:${port}`,
      ...(certificate === undefined ? [] : [`sip_certificate ${certificate.pemFile}`]),
      'audio_player aubridge,spk',
      'audio_source aubridge,spk',
      'audio_alert aubridge,alert',
      ...[`ausrc_srate ${rate}`, `auplay_srate ${rate}`, 'ausrc_channels 1', 'auplay_channels 1'],
      'audio_buffer 20-160',
      `rtp_ports ${rtpFrom}-${rtpFrom + 100}`,
      'call_local_timeout 120',
      'call_max_calls 1',
      'module_path /usr/lib/baresip/modules',
      `snd_path ${heardFolder}`,
      ...modules.map((name) =>
        ['account.so', 'menu.so'].includes(name) ? `module_app ${name}` : `module ${name}`,
      ),
      '',
    ].join('\n'),
  );
  const process = spawn('baresip', ['-4', '-f', folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  await listening(port, process);
  return {
    port,
    process,
    // baresip takes the next port for TLS.
    ...(certificate === undefined ? {} : { tls: { ...certificate, port: port + 1 } }),
    heard: () =>
      readdirSync(heardFolder)
        .filter((name) => name.endsWith('-dec.wav'))
        .sort()
        .map((name) => join(heardFolder, name)),
    stop: async () => {
      await ended(process);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** baresip wants certificate and key in one file. */
function certificateIn(folder: string): Readonly<{ caFile: string; pemFile: string }> {
  const [caFile, pemFile] = [join(folder, 'certificate.pem'), join(folder, 'both.pem')];
  const { key, certificate } = certificateOfLoopback(folder, caFile);
  writeFileSync(pemFile, certificate + key);
  return { caFile, pemFile };
}

/** The scenario's steps, inside `<scenario>`. */
export async function startSipp(
  steps: string,
  calls = 1,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<SippSpeaker> {
  const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
  const file = join(folder, 'speaker.xml');
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="speaker">\n${steps}\n</scenario>\n`,
  );
  const port = await freeUdpPort();
  const where = ['-i', '127.0.0.1', '-p', String(port), '-mp', String(await freeUdpPort())];
  const process = spawn(
    'sipp',
    [
      ...(transport === 'tcp' ? ['-t', 't1'] : []),
      '-sf',
      file,
      ...where,
      '-m',
      String(calls),
      '-nostdin',
      '-timeout',
      '60s',
      '-timeout_error',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const exit = once(process, 'exit').then(([code]) => code as number | null);
  await listening(port, process, transport);
  return {
    port,
    ended: exit,
    stop: async () => {
      await ended(process);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An answer of sipp; `rest` are headers, and after an empty line a body. */
export function sippSays(status: string, rest = 'Content-Length: 0\n\n'): string {
  return `<send><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]Sipp[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
${rest}]]></send>`;
}

/** What sipp says to a call that it takes; the sound goes to the given port. */
export function sippTakes(rtpPort: number, payloadType = 0): string {
  return sippSays(
    '200 OK',
    `Content-Type: application/sdp
Content-Length: [len]

v=0
o=horn 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio ${rtpPort} RTP/AVP ${payloadType}
`,
  );
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function listening(
  port: number,
  process: ChildProcess,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<void> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const until = Date.now() + 20_000;
  while (!readFileSync(`/proc/net/${transport}`, 'utf8').includes(local)) {
    if (process.exitCode !== null || Date.now() > until) {
      throw new Error(`${process.spawnfile} does not listen at port ${port}`);
    }
    await sleep(20);
  }
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}
