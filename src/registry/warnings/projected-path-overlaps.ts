import { goQuote } from '../validation/go-text.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  optionalFields,
  textOf,
} from '../validation/json-fields.ts';

/** A file of a volume and what it comes from ('' where the whole volume has one source). */
interface VirtualPath {
  readonly path: string;
  readonly source: string;
}

/** Warnings about files of one volume that hide each other, and about empty sources of projected volumes. */
export function overlappingPathWarnings(volumes: readonly Fields[]): readonly string[] {
  return volumes.flatMap((volume) => {
    const name = goQuote(textOf(volume.name));
    const warnings: string[] = [];
    for (const [kind, nameField] of [
      ['configMap', 'name'],
      ['secret', 'secretName'],
      ['downwardAPI', undefined],
    ] as const) {
      const source = optionalFields(volume[kind]);
      if (source === undefined) continue;
      const label =
        nameField === undefined ? LABELS[kind] : `${LABELS[kind]} ${goQuote(textOf(source[nameField]))}`;
      for (const overlap of overlapsIn(pathsOf(source, ''))) {
        warnings.push(`volume ${name} (${label}): overlapping paths: ${overlap}`);
      }
    }
    const projected = optionalFields(volume.projected);
    if (projected === undefined) return warnings;
    const paths: VirtualPath[] = [];
    for (const source of fieldsList(projected.sources)) {
      if (!Object.values(source).some(isSet))
        warnings.push(`volume ${name} (Projected) has no sources provided`);
      else paths.push(...projectionPaths(source));
    }
    for (const overlap of overlapsIn(paths)) {
      warnings.push(`volume ${name} (Projected): overlapping paths: ${overlap}`);
    }
    return warnings;
  });
}

const LABELS = { configMap: 'ConfigMap', secret: 'Secret', downwardAPI: 'DownwardAPI' } as const;

function projectionPaths(source: Fields): readonly VirtualPath[] {
  for (const kind of ['configMap', 'secret'] as const) {
    const files = optionalFields(source[kind]);
    if (files !== undefined) return pathsOf(files, `${LABELS[kind]} ${goQuote(textOf(files.name))}`);
  }
  const downward = optionalFields(source.downwardAPI);
  if (downward !== undefined) return pathsOf(downward, 'DownwardAPI');
  const token = optionalFields(source.serviceAccountToken);
  if (token !== undefined) return [{ path: textOf(token.path), source: 'ServiceAccountToken' }];
  const bundle = optionalFields(source.clusterTrustBundle);
  if (bundle !== undefined) {
    const named = isSet(bundle.name) ? textOf(bundle.name) : textOf(bundle.signerName);
    return [{ path: textOf(bundle.path), source: `ClusterTrustBundle ${goQuote(named)}` }];
  }
  const certificate = fieldsOf(source.podCertificate);
  return ['keyPath', 'certificateChainPath', 'credentialBundlePath']
    .map((field) => ({ path: textOf(certificate[field]), source: 'PodCertificate' }))
    .filter(({ path }) => path !== '');
}

function pathsOf(source: Fields, label: string): readonly VirtualPath[] {
  return fieldsList(source.items).map((item) => ({ path: textOf(item.path), source: label }));
}

function overlapsIn(paths: readonly VirtualPath[]): readonly string[] {
  const seen: VirtualPath[] = [];
  const overlaps: string[] = [];
  for (const current of paths) {
    for (const other of seen) {
      if (isOverlap(trimmed(current.path), trimmed(other.path)))
        overlaps.push(`${shown(current)} with ${shown(other)}`);
    }
    seen.push(current);
  }
  return overlaps;
}

function isOverlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

function shown({ path, source }: VirtualPath): string {
  return source === '' ? goQuote(path) : `${goQuote(path)} (${source})`;
}
