/**
 * A copy of a record that fields are going to be added to. Field by field, because V8 gives each object to which fields are
 * added in or after a spread hidden classes of its own, which take more room than the object and make slow whatever reads
 * it. A spread that replaces fields is cheap.
 */
export function growingCopy<T extends object>(record: T): T {
  const copy: Record<string, unknown> = {};
  const fields = record as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) copy[name] = fields[name];
  return copy as T; // every field of one
}
