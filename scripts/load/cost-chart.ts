/** The cost of a centre over the number of its edges, drawn as SVG: processor, memory and time to the feed. */
import type { LoadFigures } from './measures.ts';

type Series = Readonly<{
  name: string;
  unit: string;
  colour: string;
  of: (point: LoadFigures) => number;
}>;

const series: readonly Series[] = [
  { name: 'collector, processor', unit: '%', colour: '#1668dc', of: (point) => point.collectorCpu },
  { name: 'broker, processor', unit: '%', colour: '#d46b08', of: (point) => point.brokerCpu },
  { name: 'collector, memory', unit: ' MB', colour: '#389e0d', of: (point) => point.rssMb },
  {
    name: 'event to feed, p95',
    unit: ' ms',
    colour: '#cf1322',
    of: (point) => point.eventToFeedP95Ms,
  },
];
const panel = { width: 360, height: 190, left: 56, top: 40, gap: 24 };

/** One panel for each figure; edges on a logarithmic axis. */
export function costChart(points: readonly LoadFigures[]): string {
  const width = 2 * panel.width + panel.gap + 16;
  const height = 2 * (panel.height + panel.gap) + 16;
  const panels = series.map((one, at) => {
    const x = (at % 2) * (panel.width + panel.gap);
    const y = Math.floor(at / 2) * (panel.height + panel.gap);
    return `<g transform="translate(${x} ${y})">${panelOf(one, points)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panelOf({ name, unit, colour, of }: Series, points: readonly LoadFigures[]): string {
  const right = panel.width - 16;
  const bottom = panel.height - 24;
  const logs = points.map(({ edges }) => Math.log10(edges));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const highest = Math.max(...points.map(of), 1);
  const place = (point: LoadFigures): readonly [number, number] => [
    panel.left + ((Math.log10(point.edges) - least) / (most - least || 1)) * (right - panel.left),
    bottom - (of(point) / highest) * (bottom - panel.top),
  ];
  const marks = points.map((point) => {
    const [x, y] = place(point);
    const figure = `<text x="${x}" y="${y - 7}" text-anchor="middle" fill="#333">${Math.round(of(point))}</text>`;
    const edges = `<text x="${x}" y="${bottom + 15}" text-anchor="middle" fill="#666">${point.edges}</text>`;
    return `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>${figure}${edges}`;
  });
  const line = points.map((point) => place(point).join(',')).join(' ');
  return [
    `<text x="${panel.left}" y="18" font-weight="bold" fill="#222">${name} (${unit.trim()})</text>`,
    `<path d="M${panel.left} ${panel.top}V${bottom}H${right}" fill="none" stroke="#999"/>`,
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...marks,
    `<text x="${right}" y="${bottom + 24}" text-anchor="end" fill="#666" font-size="9">edges</text>`,
  ].join('');
}
