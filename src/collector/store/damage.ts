/** What is known of a database file that was damaged and replaced. */
export type Damage = Readonly<{
  atMs: number;
  reason: string;
  /** Where the damaged file stands now. */
  setAside: string;
  /** Rows carried over, by table. */
  kept: Readonly<Record<string, number>>;
}>;

/** The setting that holds it as JSON, until somebody has looked after it. */
export const damageSetting = 'store-damage';
