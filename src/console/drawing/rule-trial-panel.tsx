/** Below the rule's settings: how often it would have fired in the last 24 hours, when and which way. */
import { Alert, Button } from 'antd';
import type { RuleReplay, WouldBeEvent } from '../../contract/rule-replay.ts';
import { errorText } from '../api/error-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText, momentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { useNowMs } from '../shell/clock.tsx';
import { spanText } from './blind-text.ts';
import type { DrawnRule } from './drawn-rule.ts';
import { firesAlike, keyOf, type RuleTrial } from './use-rule-trial.ts';
import './rule-trial.css';

const hourMs = 3_600_000;
/** Of less than this nothing can be concluded about a day. */
const enoughMs = 6 * hourMs;

export function RuleTrialPanel({ drawn, trial }: Readonly<{ drawn: DrawnRule; trial: RuleTrial }>) {
  const texts = useTexts();
  const words = texts.rules.trial;
  const { tried, busy, failure } = trial;
  const shown = tried?.drawn.rule.ruleId === drawn.rule.ruleId ? tried : undefined;
  return (
    <section className="rule-trial" data-testid="rule-trial" aria-live="polite">
      <Button
        block
        loading={busy}
        onClick={() => trial.ask(drawn)}
        data-testid="try-rule"
        title={words.hint}
      >
        {busy ? words.busy : words.ask}
      </Button>
      {failure === null ? null : (
        <Alert type="warning" showIcon title={errorText(failure, texts)} />
      )}
      {shown === undefined || busy ? null : (
        <>
          {firesAlike(shown.drawn, drawn) ? null : (
            <p className="rule-trial-stale">{words.stale}</p>
          )}
          <Found replay={shown.replay} trial={trial} />
        </>
      )}
    </section>
  );
}

function Found({ replay, trial }: Readonly<{ replay: RuleReplay; trial: RuleTrial }>) {
  const texts = useTexts();
  const words = texts.rules.trial;
  const { count, seen, firings } = replay;
  if (seen === undefined) return <p data-testid="trial-count">{words.nobody}</p>;
  const spanMs = seen.toMs - seen.fromMs;
  const span = spanText(Math.round(spanMs / 1000), texts.rules.blind);
  return (
    <>
      <p>
        <strong data-testid="trial-count" data-count={count}>
          {words.count(count)}
        </strong>
        <small className="quiet">{words.of(span)}</small>
      </p>
      {spanMs < enoughMs ? <p className="rule-trial-stale">{words.little}</p> : null}
      {count === 0 ? null : <Hours replay={replay} />}
      {count > firings.length ? (
        <small className="quiet">{words.newest(firings.length)}</small>
      ) : null}
      <Firings firings={firings} trial={trial} />
    </>
  );
}

/** A bar for each of the last 24 hours. */
function Hours({ replay: { perHour } }: Readonly<{ replay: RuleReplay }>) {
  const words = useTexts().rules.trial;
  const lastHour = Math.floor(useNowMs() / hourMs) * hourMs;
  const counts = new Map(perHour.map(({ fromMs, count }) => [fromMs, count]));
  const most = Math.max(1, ...counts.values());
  return (
    <div className="rule-trial-hours" role="img" aria-label={words.perHour}>
      {Array.from({ length: 24 }, (_, index) => {
        const fromMs = lastHour - (23 - index) * hourMs;
        const count = counts.get(fromMs) ?? 0;
        return (
          <span
            key={fromMs}
            title={`${clockText(fromMs).slice(0, 5)} · ${words.times(count)}`}
            style={{ height: `${(100 * count) / most}%` }}
          />
        );
      })}
    </div>
  );
}

/** Newest first; what is pointed at stands out in the picture. */
function Firings({
  firings,
  trial,
}: Readonly<{ firings: readonly WouldBeEvent[]; trial: RuleTrial }>) {
  const texts = useTexts();
  const nowMs = useNowMs();
  return (
    <ol className="rule-trial-firings" onPointerLeave={() => trial.pointAt(undefined)}>
      {[...firings].reverse().map((firing) => (
        <li key={keyOf(firing)}>
          <button
            type="button"
            aria-pressed={trial.pointedAt === firing}
            onPointerEnter={() => trial.pointAt(firing)}
            onFocus={() => trial.pointAt(firing)}
            onClick={() => trial.pointAt(firing)}
          >
            <time>{momentText(firing.atMs, nowMs)}</time>
            <span>{firingText(firing, texts)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function firingText({ kind, direction }: WouldBeEvent, { event }: Texts): string {
  return direction === undefined || direction === 'both' ? event[kind] : event.direction[direction];
}
