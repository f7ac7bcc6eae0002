/** S22 what is installed: every package by its hash, from no other place than the registry, and few may run a program then. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Package = Readonly<{
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  license?: string;
  dev?: boolean;
}>;

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json') as Readonly<{
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}>;
const { packages } = read('package-lock.json') as { packages: Record<string, Package> };
const installed = Object.entries(packages).filter(([place]) => place !== '');

test('S22 every package is locked by version and hash, and comes from the registry', () => {
  expect(installed.length).toBeGreaterThan(100);
  const loose = installed.filter(([, { version, integrity, link }]) => {
    const isLocked = version !== undefined && /^sha512-/.test(integrity ?? '');
    return link === true || !isLocked;
  });
  expect(loose.map(([place]) => place)).toEqual([]);
  const elsewhere = installed.filter(([, { resolved }]) =>
    /^(git|http:|file:)/.test(resolved ?? ''),
  );
  expect(elsewhere.map(([place]) => place)).toEqual([]);
});

test('S22 what the project asks for is one version each, and the one that is locked', () => {
  for (const [name, version] of Object.entries({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
});

test('S22 a package that wants to run a program when it is installed is named, and allowed or not', () => {
  const wanting = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([place]) => place.replace(/^.*node_modules\//, ''));
  expect(wanting.sort()).toEqual(Object.keys(manifest.allowScripts).sort());
  // The runtime itself is the one that has to.
  expect(Object.entries(manifest.allowScripts).filter(([, may]) => may)).toEqual([['node', true]]);
});

test('S22 the parts with a known history are past it', () => {
  const versionOf = (name: string): readonly number[] =>
    (packages[`node_modules/${name}`]?.version ?? '0').split('.').map(Number);
  const isAtLeast = (name: string, least: readonly [number, number, number]): boolean => {
    const own = versionOf(name);
    const at = least.findIndex((part, place) => own[place] !== part);
    return at === -1 || (own[at] ?? 0) > (least[at] ?? 0);
  };
  // Deep topics and unauthenticated crashes; forwarded headers; paths out of the folder.
  expect(isAtLeast('aedes', [1, 2, 0])).toBe(true);
  expect(isAtLeast('fastify', [5, 8, 3])).toBe(true);
  expect(isAtLeast('@fastify/static', [10, 1, 3])).toBe(true);
});

/** What may be passed on with the program as it is; of a choice the first is taken. */
const free = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];
/** Libraries that are linked and can be replaced, which is what this licence asks for. */
const replaceable = /^node_modules\/@img\/sharp-/;
/** The lock file does not say it of one: MIT by its own manifest. */
const unsaid = ['node_modules/async'];

test('S22 what runs has a licence under which it may be passed on', () => {
  const running = installed.filter(([, { dev }]) => dev !== true);
  expect(running.length).toBeGreaterThan(100);
  const others = running.filter(([place, { license = '' }]) => {
    const parts = license.replaceAll(/[()]/g, '').split(/ AND /);
    const isFree = parts.every((part) => part.split(' OR ').some((one) => free.includes(one)));
    const isLinked = replaceable.test(place) && /LGPL-3\.0-or-later/.test(license);
    return !isFree && !isLinked && !unsaid.includes(place);
  });
  expect(others.map(([place, { license }]) => `${place} ${license}`)).toEqual([]);
});
