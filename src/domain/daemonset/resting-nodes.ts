/** How a node stands with a DaemonSet: its marks, and the revision hashes of the own pods that name it, one each. */
export interface NodeStanding {
  readonly marks: number;
  /** Sorted. */
  readonly hashes: readonly string[];
}

/**
 * What a sync memory knew when nothing was to be done, short enough to be kept in a store: how nodes stood, but not their
 * pods. It is JSON.
 */
export interface SavedMemory {
  readonly namespace: string;
  /** `metadata.generation` of the DaemonSet: of another one it says nothing. */
  readonly generation: number;
  /** The hash of the revision by which the marks were made. */
  readonly hash: string;
  /** The template generation by which they were made, as labels carry it. */
  readonly templateGeneration?: string;
  /** When they were made, in milliseconds since the epoch; nothing was to change by time alone. */
  readonly now: number;
  /** How the most of the cluster's nodes stood, and how many. */
  readonly most: NodeStanding & { readonly count: number };
  /** How the others did, and names of which the cluster has no node. */
  readonly others: readonly (NodeStanding & { readonly names: readonly string[] })[];
}

/** Names beyond this number are not worth keeping: reading the pods is as fast. */
const MOST_NAMES = 5000;

/** A name with its standing. `exists`: whether the cluster has a node of this name. */
export interface StandingNode extends NodeStanding {
  readonly name: string;
  readonly exists: boolean;
}

/**
 * Sums up how nodes stand: the largest group of existing nodes by its number, all others by their names. `most` is a group
 * whose names are not known; where it is given, it stays the one without names. Undefined when there are too many names.
 */
export function sumUp(
  nodes: Iterable<StandingNode>,
  most?: SavedMemory['most'],
): Pick<SavedMemory, 'most' | 'others'> | undefined {
  const groups = new Map<string, NodeStanding & { readonly names: string[]; readonly strange: string[] }>();
  for (const { name, exists, marks, hashes } of nodes) {
    const key = keyOf({ marks, hashes });
    const group = groups.get(key) ?? { marks, hashes, names: [], strange: [] };
    groups.set(key, group);
    (exists ? group.names : group.strange).push(name);
  }
  const largest =
    most === undefined
      ? [...groups.values()].reduce((a, b) => (b.names.length > a.names.length ? b : a), NOBODY)
      : (groups.get(keyOf(most)) ?? NOBODY);
  const { marks, hashes } = most ?? largest;
  const others = [...groups.values()].flatMap((group) => {
    const names = group === largest ? group.strange : [...group.names, ...group.strange];
    return names.length === 0 ? [] : [{ marks: group.marks, hashes: group.hashes, names }];
  });
  if (others.reduce((sum, { names }) => sum + names.length, 0) > MOST_NAMES) return undefined;
  return { most: { marks, hashes, count: (most?.count ?? 0) + largest.names.length }, others };
}

const NOBODY = { marks: 0, hashes: [], names: [], strange: [] };

const keyOf = ({ marks, hashes }: NodeStanding): string => `${marks} ${hashes.join(' ')}`;

/** The nodes that a memory knows by how they stood alone, because nothing has happened to them. */
export class RestingNodes {
  /** How many of the nameless ones are left. */
  #count: number;
  readonly #most: NodeStanding;
  readonly #named = new Map<string, NodeStanding>();
  /** Names that were woken. */
  readonly #awake = new Set<string>();

  constructor({ most, others }: Pick<SavedMemory, 'most' | 'others'>) {
    const { count, ...standing } = most;
    this.#most = standing;
    this.#count = count;
    for (const { names, ...other } of others) for (const name of names) this.#named.set(name, other);
  }

  /** Whether a name may be one of them, for all that is known. */
  has(name: string): boolean {
    return !this.#awake.has(name);
  }

  /**
   * Takes a name out. `existed`: whether the cluster had a node of this name. Answers how it stood; undefined when it was
   * none of them.
   */
  wake(name: string, existed: boolean): NodeStanding | undefined {
    if (this.#awake.has(name)) return undefined;
    this.#awake.add(name);
    const named = this.#named.get(name);
    if (named !== undefined) {
      this.#named.delete(name);
      return named;
    }
    if (!existed) return undefined;
    this.#count -= 1;
    return this.#most;
  }

  /** The group without names, as it is now. */
  most(): SavedMemory['most'] {
    return { ...this.#most, count: this.#count };
  }

  named(): Iterable<readonly [string, NodeStanding]> {
    return this.#named;
  }
}
