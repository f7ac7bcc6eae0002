/** A browser's name for itself, told short: `Chrome 143 · Windows`. What is not known stays as it is. Pure. */

/** Later ones also carry the names of those that they want to be taken for. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

export function programText(program: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(program));
  if (browser === undefined) return program;
  const [pattern, name] = browser;
  const system = systems.find(([mark]) => mark.test(program))?.[1];
  const version = pattern.exec(program)?.[1] ?? '';
  return [`${name} ${version}`, ...(system === undefined ? [] : [system])].join(' · ');
}
