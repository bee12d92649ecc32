import type { Json } from '../../api/meta.ts';
import { parseYaml } from './parse.ts';

/** A document that was read. */
export interface LoadedDocument {
  readonly value: Json;
  /** One line for each key that was set twice (the last one counts), such as `line 2: key "a" already set in map`. */
  readonly duplicateKeys: readonly string[];
}

/**
 * Reads one YAML document exactly as Go's sigs.k8s.io/yaml does: YAML 1.1 scalars (`yes` is true, `0644` is 420), the
 * last of equal keys counts, and what it refuses is refused with its message. Documents after the first are ignored,
 * an empty text is null. Integers beyond 2^53 become the nearest number. Values of aliases are shared, so the result
 * must not be changed. Throws YamlError.
 */
export function loadYaml(text: string): LoadedDocument {
  const { value, duplicateKeys } = parseYaml(text, { exactIntegers: false });
  return { value: value as Json, duplicateKeys }; // without exact integers there is no bigint in it
}
