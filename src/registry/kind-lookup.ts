import type { ResourceInfo, WriteRequest } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import type { Entry, Store } from '../store/store.ts';
import { builtinKind } from './builtin-kinds.ts';
import { customKind } from './custom-resources/custom-kind.ts';
import { definedResources } from './custom-resources/definition.ts';
import { definesTerm, kindPrefix } from './object-keys.ts';
import { builtinResources } from './schema/builtin-resources.ts';
import type { ServedKind } from './served-kind.ts';
import { methodNotAllowed, noSuchResource } from './status-errors.ts';

/** Where CustomResourceDefinitions lie. */
export const DEFINITIONS = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' } as const;

/** A verb of discovery that requests have. */
type Verb = 'get' | 'list' | WriteRequest['verb'];

/** Finds kinds: built-in ones without reading anything, custom ones by the index of their definitions. */
export class KindLookup {
  readonly #store: Store;
  readonly #decode: (entry: Entry) => KubeObject;

  constructor(store: Store, decode: (entry: Entry) => KubeObject) {
    this.#store = store;
    this.#decode = decode;
  }

  /**
   * The kind, to be used with a verb of discovery. Throws 404 `the server could not find the requested resource` for a
   * kind or version that is not served, 405 for one that does not have the verb or keeps no objects (reviews).
   */
  async resolve(ref: KindRef, verb: Verb): Promise<ServedKind> {
    const kind = builtinKind(ref) ?? (await this.#custom(ref));
    if (kind === undefined) throw noSuchResource();
    requireVerb(kind, verb);
    return kind;
  }

  /** The same for a built-in kind, at once; undefined when it is none. */
  builtin(ref: KindRef, verb: Verb): ServedKind | undefined {
    const kind = builtinKind(ref) ?? undefined;
    if (kind !== undefined) requireVerb(kind, verb);
    return kind;
  }

  async #custom({ group, version, kind }: KindRef): Promise<ServedKind | undefined> {
    if (!group.includes('.')) return undefined;
    const found = await this.#store.list({
      prefix: kindPrefix(DEFINITIONS),
      term: definesTerm(group, kind),
    });
    for (const entry of found.entries) {
      const served = customKind(this.#decode(entry), version);
      if (served !== undefined) return served;
    }
    return undefined;
  }

  /** All CustomResourceDefinitions. */
  async definitions(): Promise<readonly KubeObject[]> {
    const found = await this.#store.list({ prefix: kindPrefix(DEFINITIONS) });
    return found.entries.map(this.#decode);
  }

  /** Every resource that is served, in the order of `kubectl api-resources`: by group, then plural. */
  async resources(): Promise<readonly ResourceInfo[]> {
    const custom = (await this.definitions()).flatMap(definedResources);
    if (custom.length === 0) return builtinResources();
    return [...builtinResources(), ...custom].sort(
      (a, b) => compare(a.group, b.group) || compare(a.plural, b.plural),
    );
  }
}

function requireVerb({ info }: ServedKind, verb: Verb): void {
  if (!info.verbs.includes(verb) || !info.verbs.includes('get')) {
    throw methodNotAllowed('the server does not allow this method on the requested resource');
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
