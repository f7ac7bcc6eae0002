/** Runs a command of the project as a user would and reads the JSON in its last line. */
import { spawn } from 'node:child_process';

export type CommandEnd = Readonly<{
  exit: number | null;
  result: Readonly<Record<string, unknown>>;
  output: string;
}>;

export async function runCommand(file: string, args: readonly string[]): Promise<CommandEnd> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`${file} ended with ${exit}: ${output}${errors}`);
  return { exit, result: JSON.parse(last) as Record<string, unknown>, output };
}
