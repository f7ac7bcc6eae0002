/**
 * Assignment of least total cost (Hungarian method; Kuhn 1955) in which a row or column may stay alone. Rows and columns
 * that no allowed pair connects are independent of each other and are assigned apart: most are alone, and the method's
 * time grows with the cube.
 */
import munkres from 'munkres';

export type Pair = readonly [row: number, column: number];

type Costs = readonly (readonly number[])[];

/** The pairs of least total cost; a cost of `none` or more is no pair, and what staying alone costs. */
export function assign(costs: Costs, none: number): readonly Pair[] {
  return groupsOf(costs, none).flatMap(({ rows, columns }) => {
    if (rows.length === 1 && columns.length === 1) return [[rows[0] ?? 0, columns[0] ?? 0]];
    const part = rows.map((row) =>
      columns.map((column) => Math.min(none, costs[row]?.[column] ?? none)),
    );
    return munkres(part)
      .map(([row, column]): Pair => [rows[row] ?? 0, columns[column] ?? 0])
      .filter(([row, column]) => (costs[row]?.[column] ?? none) < none);
  });
}

type Group = { rows: number[]; columns: number[] };

/** Rows and columns that allowed pairs connect, directly or through others; who has no pair is in no group. */
function groupsOf(costs: Costs, none: number): readonly Group[] {
  const groups: Group[] = [];
  for (const [row, its] of costs.entries()) {
    const columns = [...its.keys()].filter((column) => (its[column] ?? none) < none);
    if (columns.length === 0) continue;
    const touched = groups.filter((group) => columns.some((one) => group.columns.includes(one)));
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push({
      rows: [...touched.flatMap((group) => group.rows), row],
      columns: [...new Set([...touched.flatMap((group) => group.columns), ...columns])],
    });
  }
  return groups;
}
