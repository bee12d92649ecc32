/** Where a request for objects points to. */
export interface ResourcePath {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** '' when the path names none. */
  readonly namespace: string;
  /** Plural name. */
  readonly resource: string;
  /** '' for the whole collection. */
  readonly name: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** Whether the path has the old form for watches, `/api/v1/watch/…`. */
  readonly watch: boolean;
}

/** What follows a namespace's name without being a resource in it. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['status', 'finalize']);

/** The decoded steps of a path: `/api/v1/` gives `api`, `v1`. Undefined when it is not well encoded. */
export function stepsOfPath(path: string): readonly string[] | undefined {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Reads the steps of a path below `/api` or `/apis`; undefined for one that points to no resource. */
export function resourcePath(steps: readonly string[]): ResourcePath | undefined {
  const [root, ...rest] = steps;
  const grouped = root === 'apis';
  if (!grouped && root !== 'api') return undefined;
  const [group = '', version = ''] = grouped ? rest : ['', ...rest];
  const below = rest.slice(grouped ? 2 : 1);
  const watch = below[0] === 'watch';
  const [first = '', second = '', third = '', ...more] = watch ? below.slice(1) : below;
  if (version === '' || first === '') return undefined;
  const base = { group, version, watch };
  if (first === 'namespaces' && third !== '' && !OF_NAMESPACES.has(third)) {
    const [name = '', subresource = ''] = more;
    return { ...base, namespace: second, resource: third, name, subresource };
  }
  return { ...base, namespace: '', resource: first, name: second, subresource: third };
}
