import { isObjectKey } from '../../registry/object-keys.ts';
import type { Entry, Store } from '../../store/store.ts';

/** How many values are read at once. */
const PAGE = 1000;

/**
 * One line for each live value that is not the object which its key promises: JSON, an object with a kind and a UID,
 * and with the name and namespace of the key. Keys of another shape must hold JSON.
 */
export async function objectFindings(store: Store): Promise<readonly string[]> {
  const findings: string[] = [];
  const at = await store.revision();
  for (let after: string | undefined; ; ) {
    const { entries, more } = await store.list(
      { prefix: '' },
      { limit: PAGE, at, ...(after !== undefined && { after }) },
    );
    for (const entry of entries) {
      const wrong = whatIsWrong(entry);
      if (wrong !== undefined) findings.push(`object: ${JSON.stringify(entry.key)} ${wrong}`);
    }
    if (!more) return findings;
    after = entries.at(-1)?.key;
  }
}

function whatIsWrong({ key, value }: Entry): string | undefined {
  const parsed = parse(value);
  if (parsed === undefined) return 'is no JSON';
  if (!isObjectKey(key)) return undefined;
  const object = fieldsOf(parsed);
  const metadata = fieldsOf(object?.metadata);
  if (object === undefined || metadata === undefined) return 'is no object with metadata';
  const [, , namespace, name] = key.split('/');
  if (metadata.name !== name) return `has the name ${JSON.stringify(metadata.name)}`;
  if ((metadata.namespace ?? '') !== namespace)
    return `has the namespace ${JSON.stringify(metadata.namespace ?? '')}`;
  if (typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') return 'has no kind';
  return typeof metadata.uid === 'string' && metadata.uid !== '' ? undefined : 'has no UID';
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** The fields of a JSON object; undefined for every other value. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
