/**
 * What an alarm is about, drawn over the picture: the wire with its dead band, sides and direction, the zone or the
 * watch point; the person's box and trail at the moment of the event. Units: the picture's height is 1000.
 */
import type { AlarmView } from '../../contract/console-api.ts';
import type { Tripwire, WatchPoint, Zone } from '../../contract/rule.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { moved, opposite, type Size, type Spot, toSpot, wireMiddle } from './picture-geometry.ts';

const defaultDeadBandHeights = 0.1;
const usualPersonHeight = 0.15;

export function RuleOverlay({
  aspectRatio,
  event,
  rule,
}: Readonly<{ aspectRatio: number; event: RuleEvent; rule: AlarmView['rule'] }>) {
  const size = { width: 1000 * aspectRatio, height: 1000 };
  return (
    <svg className="rule-overlay" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {rule === undefined ? null : <RuleShape rule={rule} event={event} size={size} />}
      {'box' in event ? <Sighting event={event} size={size} /> : null}
    </svg>
  );
}

function RuleShape({
  rule,
  event,
  size,
}: Readonly<{ rule: NonNullable<AlarmView['rule']>; event: RuleEvent; size: Size }>) {
  switch (rule.kind) {
    case 'tripwire':
      return <WireShape tripwire={rule.tripwire} event={event} size={size} />;
    case 'zone':
      return <ZoneShape zone={rule.zone} size={size} />;
    case 'watch-point':
      return <WatchPointShape watchPoint={rule.watchPoint} size={size} />;
    default:
      return rule satisfies never;
  }
}

function WireShape({
  tripwire,
  event,
  size,
}: Readonly<{ tripwire: Tripwire; event: RuleEvent; size: Size }>) {
  const personHeight = 'box' in event ? event.box.bottom - event.box.top : usualPersonHeight;
  const band = 2 * (tripwire.deadBandHeights ?? defaultDeadBandHeights) * personHeight;
  const spots = tripwire.points.map((point) => toSpot(point, size));
  const middle = wireMiddle(spots);
  const path = pathOf(spots);
  const isOfFirst = event.kind === 'tripwire-crossed' && event.firstCrossing === undefined;
  const crossed = isOfFirst ? event.direction : tripwire.direction;
  return (
    <g>
      <polyline className="wire-band" points={path} strokeWidth={band * size.height} />
      <polyline className="wire" points={path} />
      {tripwire.secondWire === undefined ? null : (
        <polyline
          className="wire"
          strokeDasharray="30 14"
          points={pathOf(tripwire.secondWire.points.map((point) => toSpot(point, size)))}
        />
      )}
      {middle === undefined ? null : (
        <>
          {crossed === 'b-to-a' ? null : (
            <Arrow from={middle.at} towards={opposite(middle.towardsA)} />
          )}
          {crossed === 'a-to-b' ? null : <Arrow from={middle.at} towards={middle.towardsA} />}
          <Side name="A" at={moved(middle.at, middle.towardsA, 95)} />
          <Side name="B" at={moved(middle.at, middle.towardsA, -95)} />
        </>
      )}
    </g>
  );
}

function Arrow({ from, towards }: Readonly<{ from: Spot; towards: Spot }>) {
  const across = { x: -towards.y, y: towards.x };
  const shaft = [
    moved(moved(from, towards, 8), across, 6),
    moved(moved(from, towards, 40), across, 6),
    moved(moved(from, towards, 40), across, 20),
    moved(from, towards, 70),
    moved(moved(from, towards, 40), across, -20),
    moved(moved(from, towards, 40), across, -6),
    moved(moved(from, towards, 8), across, -6),
  ];
  return <polygon className="arrow" points={pathOf(shaft)} />;
}

function Side({ name, at }: Readonly<{ name: string; at: Spot }>) {
  return (
    <text className="side" x={at.x} y={at.y}>
      {name}
    </text>
  );
}

function ZoneShape({ zone, size }: Readonly<{ zone: Zone; size: Size }>) {
  return <polygon className="area" points={pathOf(zone.points.map((one) => toSpot(one, size)))} />;
}

function WatchPointShape({ watchPoint, size }: Readonly<{ watchPoint: WatchPoint; size: Size }>) {
  const centre = toSpot(watchPoint.centre, size);
  return (
    <circle
      className="area"
      cx={centre.x}
      cy={centre.y}
      r={watchPoint.radiusOfHeight * size.height}
    />
  );
}

function Sighting({
  event,
  size,
}: Readonly<{ event: Extract<RuleEvent, { box: unknown }>; size: Size }>) {
  const { box, trail } = event;
  const topLeft = toSpot([box.left, box.top], size);
  const foot = toSpot(event.footPoint, size);
  return (
    <g className="sighting">
      <polyline className="trail" points={pathOf(trail.map((one) => toSpot(one, size)))} />
      <rect
        className="person"
        x={topLeft.x}
        y={topLeft.y}
        width={(box.right - box.left) * size.width}
        height={(box.bottom - box.top) * size.height}
      />
      <circle className="foot" cx={foot.x} cy={foot.y} r={11} />
    </g>
  );
}

function pathOf(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}
