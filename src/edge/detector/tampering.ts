/**
 * Notices that a camera was covered, turned away, put out of focus, that its picture is frozen or too dark to see. The
 * picture is compared with what it has looked like for the last minutes: where its edges are, how many, how sharp. Edges
 * are compared by correlation, which neither a brighter nor a darker picture changes, so that nightfall and lamps do not
 * count. Each verdict needs seconds of evidence. Pure but for its memory; times are media time in milliseconds.
 */
import type { Tampering } from '../../contract/camera-fault.ts';
import type { PictureDetail } from './picture-detail.ts';

export type TamperingWatch = Readonly<{
  /** What is wrong with the picture, once it has been wrong for long enough; told anew only after it was well between. */
  observe: (detail: PictureDetail, mediaTimeMs: number) => Tampering | undefined;
  /** What is wrong right now. */
  current: () => Tampering | undefined;
}>;

/** The reference is not worth anything before. */
const warmUpMs = 20_000;
/** People and cars come and go; the scene itself changes over minutes. */
const referenceSeconds = 300;
/** A truck may stand before the camera for a moment. */
const persistMs = 8000;
/** Pictures that do not come are no evidence: two smeared ones of a broken stream, seconds apart, prove nothing. */
const longestGapMs = 3000;
/** A quiet scene may give the same picture a few times over, a frozen one for ever. */
const frozenMs = 60_000;
/** A turned camera shows a scene of its own: after so long it is the new reference. */
const acceptMs = 120_000;

/** Below these shares of the reference ... */
const coveredEdges = 0.35;
const blurredDetail = 0.6;
/** ... and correlations with it (people who walk about leave 0.9; another scene has less than 0.3). */
const sameScene = 0.7;
const otherScene = 0.4;
/** Mean level and mean edge of a picture in which nobody can be seen. */
const darkBrightness = 14;
const darkEdges = 1.2;

type Reference = {
  edges: Float32Array;
  edgeMean: number;
  fineDetail: number;
  readonly sinceMs: number;
  lastMs: number;
};

export function createTamperingWatch(): TamperingWatch {
  let reference: Reference | undefined;
  let suspicion: Readonly<{ what: Tampering; sinceMs: number; lastMs: number }> | undefined;
  let told: Tampering | undefined;
  let fingerprint: Readonly<{ value: number; sinceMs: number }> | undefined;

  const judge = (detail: PictureDetail, nowMs: number): Tampering | undefined => {
    if (fingerprint?.value !== detail.fingerprint)
      fingerprint = { value: detail.fingerprint, sinceMs: nowMs };
    if (nowMs - fingerprint.sinceMs >= frozenMs) return 'frozen';
    if (detail.brightness < darkBrightness && detail.edgeMean < darkEdges) return 'too-dark';
    if (reference === undefined || nowMs - reference.sinceMs < warmUpMs) return undefined;
    return compare(detail, reference);
  };

  return {
    observe: (detail, nowMs) => {
      const what = judge(detail, nowMs);
      if (what === undefined) {
        reference = learn(reference, detail, nowMs);
        suspicion = undefined;
        told = undefined;
        return undefined;
      }
      const goesOn = suspicion?.what === what && nowMs - suspicion.lastMs <= longestGapMs;
      const sinceMs = goesOn ? (suspicion?.sinceMs ?? nowMs) : nowMs;
      suspicion = { what, sinceMs, lastMs: nowMs };
      const lasts = nowMs - sinceMs;
      if (what === 'turned' && lasts >= acceptMs) reference = startReference(detail, nowMs);
      if (lasts < (what === 'frozen' ? 0 : persistMs) || told === what) return undefined;
      told = what;
      return what;
    },
    current: () => told,
  };
}

function compare(detail: PictureDetail, reference: Reference): Tampering | undefined {
  const likeness = correlation(detail.edges, reference.edges);
  const edges = detail.edgeMean / Math.max(reference.edgeMean, 0.1);
  const fine = detail.fineDetail / Math.max(reference.fineDetail, 0.1);
  if (likeness < otherScene) return edges < coveredEdges ? 'covered' : 'turned';
  // Out of focus the outlines stay where they are, and what is fine goes first; in the dark everything goes alike.
  if (likeness >= sameScene && fine < blurredDetail && fine < edges * blurredDetail)
    return 'defocused';
  return undefined;
}

function learn(reference: Reference | undefined, detail: PictureDetail, nowMs: number): Reference {
  if (reference === undefined || reference.edges.length !== detail.edges.length)
    return startReference(detail, nowMs);
  const seconds = (nowMs - reference.lastMs) / 1000;
  // While it is young it is a plain mean of all that was seen.
  const age = Math.min(referenceSeconds, (nowMs - reference.sinceMs) / 1000 + 1);
  const share = 1 - Math.exp(-seconds / age);
  const mix = (old: number, now: number): number => old + share * (now - old);
  const { edges } = reference;
  for (let at = 0; at < edges.length; at += 1)
    edges[at] = mix(edges[at] ?? 0, detail.edges[at] ?? 0);
  reference.edgeMean = mix(reference.edgeMean, detail.edgeMean);
  reference.fineDetail = mix(reference.fineDetail, detail.fineDetail);
  reference.lastMs = nowMs;
  return reference;
}

function startReference({ edges, edgeMean, fineDetail }: PictureDetail, nowMs: number): Reference {
  return {
    edges: Float32Array.from(edges),
    edgeMean,
    fineDetail,
    sinceMs: nowMs,
    lastMs: nowMs,
  };
}

/** Pearson's: 1 for the same up to brightness and contrast, 0 for nothing in common. */
function correlation(a: Float32Array, b: Float32Array): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let at = 0; at < a.length; at += 1) {
    const x = a[at] ?? 0;
    const y = b[at] ?? 0;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const count = a.length;
  const spread = (sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count);
  return spread <= 0 ? 0 : (sumAB - (sumA * sumB) / count) / Math.sqrt(spread);
}
