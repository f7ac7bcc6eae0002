/** An error in the operator's language: the known codes are translated, any other keeps the collector's own sentence. */
import { reasonText } from '../i18n/reason-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { ApiError } from './request.ts';

export function errorText(error: unknown, texts: Texts): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'network') return texts.errors.network;
  if (error.code === 'unexpected') return `${texts.errors.unexpected} (HTTP ${error.status})`;
  const codes = new Map<string, string>(Object.entries(texts.errors.codes));
  const known = codes.get(error.code);
  if (known !== undefined) return known;
  return error.status === 429 ? texts.errors.tooMany : reasonText(error.message, texts);
}
