/**
 * Which of the tracks that came up lately belongs to which of the persons who have gone. The score of a pair is its
 * similarity, on the way from a stranger's to one's own, times the likelihood of the way between. All are assigned together,
 * so that two who leave and return together are not both taken for the one; a wrong link is worse than none, so a person
 * who is hardly better than the next one is none.
 */
import { assign } from '../tracking/assignment.ts';
import { identityConstants as constants } from './identity-settings.ts';
import type { LookAlikes } from './look-alikes.ts';
import type { PersonLink } from './person.ts';
import { likenessOf, type Tracklet } from './tracklet.ts';
import { likelihoodOfWay } from './way.ts';

export type Link = Readonly<{ tracklet: Tracklet; personId: number; link: PersonLink }>;

export type LinkingSettings = Readonly<{ aspectRatio: number; lookAlikes: LookAlikes }>;

type Candidate = Readonly<{ personId: number; tracklets: readonly Tracklet[] }>;
type Score = Readonly<{ similarity: number; score: number }>;

const nothing: Score = { similarity: 0, score: 0 };

/** `all` are the tracks known, those of `open` among them. */
export function findLinks(
  open: readonly Tracklet[],
  all: readonly Tracklet[],
  nowMs: number,
  settings: LinkingSettings,
): readonly Link[] {
  const candidates = absentPersons(open, all, nowMs);
  const scores = open.map((tracklet) =>
    candidates.map((candidate) => scoreOf(tracklet, candidate, settings)),
  );
  const costs = scores.map((row) => row.map(({ score }) => 1 - score));
  const pairs = assign(costs, 1 - constants.probableScore);
  const taken = new Set(pairs.map(([, column]) => column));
  return pairs.flatMap(([row, column]) => {
    const tracklet = open[row];
    const personId = candidates[column]?.personId;
    const best = scores[row]?.[column] ?? nothing;
    const others = (scores[row] ?? []).filter((_, at) => at !== column && !taken.has(at));
    const lead = best.score - Math.max(0, ...others.map(({ score }) => score));
    const alike = settings.lookAlikes.shareAbove(best.similarity);
    const isTooAlike = lead < constants.leastLead || alike > constants.probableAlike;
    if (tracklet === undefined || personId === undefined || isTooAlike) return [];
    const isCertain =
      best.score >= constants.certainScore &&
      lead >= constants.certainLead &&
      alike <= constants.certainAlike;
    return [{ tracklet, personId, link: isCertain ? 'certain' : 'probable' } as const];
  });
}

/** Persons of whom no track is in the picture; the open tracks themselves do not count. */
function absentPersons(
  open: readonly Tracklet[],
  all: readonly Tracklet[],
  nowMs: number,
): readonly Candidate[] {
  const persons = new Map<number, Tracklet[]>();
  for (const one of all) {
    if (open.includes(one)) continue;
    const mine = persons.get(one.personId);
    if (mine === undefined) persons.set(one.personId, [one]);
    else mine.push(one);
  }
  return [...persons]
    .filter(([, tracklets]) => tracklets.every((one) => one.lastSeenMs < nowMs))
    .map(([personId, tracklets]) => ({ personId, tracklets }));
}

function scoreOf(
  tracklet: Tracklet,
  { tracklets }: Candidate,
  { aspectRatio }: LinkingSettings,
): Score {
  let [last] = tracklets;
  for (const one of tracklets)
    if (last === undefined || one.lastSeenMs > last.lastSeenMs) last = one;
  if (last?.label !== tracklet.label) return nothing;
  const way = likelihoodOfWay(
    { box: last.lastBox, atMs: last.lastSeenMs },
    tracklet.born,
    aspectRatio,
  );
  if (way === 0) return nothing;
  let similarity = 0;
  for (const one of tracklets) similarity = Math.max(similarity, likenessOf(tracklet, one));
  const { strangerSimilarity } = constants;
  const known = Math.max(0, (similarity - strangerSimilarity) / (1 - strangerSimilarity));
  return { similarity, score: known * way };
}
