/**
 * Writes what the services are made of as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/): the npm packages that
 * run, the detectors with their hashes, and the Debian programs. `npm run --silent sbom > sbom.json`
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Component = Readonly<Record<string, unknown>>;
type Bom = Readonly<{
  metadata: Readonly<{ component: Component }>;
  components: readonly Component[];
}>;

const programs = ['ffmpeg', 'espeak-ng', 'util-linux'] as const;

/** What the built library of sherpa-onnx holds and its manifest does not say. */
const withinSherpa: Component = {
  'bom-ref': 'npm:sherpa-onnx-node/espeak-ng',
  type: 'library',
  name: 'espeak-ng',
  description: 'linked into the libraries of sherpa-onnx-*, which run in a process of their own',
  licenses: [{ license: { id: 'GPL-3.0-or-later' } }],
};

const npmBom = JSON.parse(
  execFileSync(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] },
  ),
) as Bom;
const bom = {
  ...npmBom,
  metadata: {
    ...npmBom.metadata,
    component: { ...npmBom.metadata.component, type: 'application', name: 'haoguanjia' },
  },
  components: [
    ...npmBom.components,
    withinSherpa,
    ...detectors('models'),
    ...programs.map(program),
  ],
};
process.stdout.write(`${JSON.stringify(bom, undefined, 2)}\n`);

function detectors(folder: string): readonly Component[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.manifest.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>)
    .map((manifest) => ({
      'bom-ref': `model:${manifest['version']}`,
      type: 'machine-learning-model',
      name: manifest['name'],
      version: manifest['version'],
      hashes: [{ alg: 'SHA-256', content: manifest['sha256'] }],
      licenses: [{ license: { name: manifest['licence'] } }],
    }));
}

/** A program that is not installed here is listed without its version. */
function program(name: string): Component {
  const { stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
  const version = /^Version: (\S+)/m.exec(stdout ?? '')?.[1] ?? '';
  return {
    'bom-ref': `deb:${name}`,
    type: 'application',
    name,
    ...(version === '' ? {} : { version, purl: `pkg:deb/debian/${name}@${version}` }),
  };
}
