/** Reads the rules of one camera from a JSON file. */
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { checkRules } from '../contract/check-rules.ts';
import { parseConfig } from '../contract/config-file.ts';
import { CameraRules } from '../contract/rule.ts';
import { ReplayError } from './replay-error.ts';

/**
 * Throws ReplayError `bad-rules` or ConfigError; the message names the file, the line, what is wrong there and the mend.
 */
export async function readRulesFile(file: string): Promise<CameraRules> {
  const text = await readText(file);
  assertJson(text, file);
  const checked = checkRules(parseConfig(text, file, CameraRules));
  if (!checked.ok) throw new ReplayError('bad-rules', `${file}: ${checked.reason}`);
  return checked.value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the rules file cannot be read: ${reason}; check --rules`;
    throw new ReplayError('bad-rules', message, cause);
  }
}

/** JSON is a part of YAML, whose parser knows the line of a fault; JSON.parse does not always tell it. */
function assertJson(text: string, file: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const lines = new LineCounter();
    const [fault] = parseDocument(text, { lineCounter: lines, prettyErrors: false }).errors;
    const line = fault === undefined ? '' : `, line ${lines.linePos(fault.pos[0]).line}`;
    const reason = fault?.message ?? String(cause);
    const message = `${file}${line}: this is no valid JSON (${reason}); correct it`;
    throw new ReplayError('bad-rules', message, cause);
  }
}
