/** Reads the rules of one camera from a JSON file. */
import { readFile } from 'node:fs/promises';
import { checkRules } from '../contract/check-rules.ts';
import type { CameraRules } from '../contract/rule.ts';
import { ReplayError } from './replay-error.ts';

/** Throws ReplayError `bad-rules`, whose message names the file, the place in it and what is wrong there. */
export async function readRulesFile(file: string): Promise<CameraRules> {
  const checked = checkRules(parseJson(await readText(file), file));
  if (!checked.ok) {
    throw new ReplayError('bad-rules', `${file}: ${checked.reason}; correct it and start again`);
  }
  return checked.value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplayError('bad-rules', `the rules file cannot be read: ${reason}`, cause);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplayError(
      'bad-rules',
      `${file} is no JSON: ${reason.replaceAll('\n', ' ')}`,
      cause,
    );
  }
}
