import type { Json, KubeObject } from '../api/meta.ts';
import { jsonPath, relaxedPath } from './jsonpath/jsonpath.ts';
import { JsonPathError } from './jsonpath/jsonpath-error.ts';

/** What `kubectl wait --for` waits for. */
export type WaitCondition =
  | { readonly kind: 'create' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'state'; isMet(object: KubeObject): boolean };

/** A `--for` that can't be read, or a path that leads to something that can't be compared; worded as kubectl does. */
export class WaitConditionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WaitConditionError';
  }
}

/** Reads the value of `--for`. Throws WaitConditionError. */
export function parseWaitCondition(text: string): WaitCondition {
  const lower = text.toLowerCase();
  if (lower === 'create' || lower === 'delete') return { kind: lower };
  if (text.startsWith('condition=')) {
    const [name = '', ...value] = text.slice('condition='.length).split('=');
    return { kind: 'state', isMet: hasCondition(name, value.length === 0 ? 'true' : value.join('=')) };
  }
  if (text.startsWith('jsonpath='))
    return { kind: 'state', isMet: pathMatch(text.slice('jsonpath='.length)) };
  throw new WaitConditionError(`unrecognized condition: ${JSON.stringify(text)}`);
}

interface Conditioned extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly {
      readonly type?: string;
      readonly status?: string;
      readonly observedGeneration?: number;
    }[];
  };
}

/** A condition that was written before the newest spec was seen does not count. */
function hasCondition(name: string, value: string): (object: KubeObject) => boolean {
  return (object) => {
    const { metadata, status } = object as Conditioned;
    const found = status?.conditions?.find(({ type }) => type?.toLowerCase() === name.toLowerCase());
    if (found?.status === undefined) return false;
    const observed = found.observedGeneration ?? status?.observedGeneration;
    if (observed !== undefined && observed < (metadata.generation ?? 0)) return false;
    return found.status.toLowerCase() === value.toLowerCase();
  };
}

function pathMatch(text: string): (object: KubeObject) => boolean {
  const [expression = '', value, ...more] = splitAtEquals(text);
  if (more.length > 0) {
    throw new WaitConditionError(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  const path = readPath(expression);
  const wanted = value?.replace(/^['"]+|['"]+$/g, '');
  if (wanted === '') {
    throw new WaitConditionError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  }
  return (object) => {
    const [first = [], ...others] = path.results(object as unknown as Json); // objects of the API are JSON
    if (others.length > 0)
      throw new WaitConditionError('given jsonpath expression matches more than one list');
    const [found, ...rest] = first;
    if (found === undefined) return false;
    if (rest.length > 0)
      throw new WaitConditionError('given jsonpath expression matches more than one value');
    if (wanted === undefined) return true;
    if (typeof found === 'object' && found !== null) {
      throw new WaitConditionError('jsonpath leads to a nested object or list which is not supported');
    }
    return String(found).trim() === wanted.trim();
  };
}

function readPath(expression: string): ReturnType<typeof jsonPath> {
  if (expression === '') throw new WaitConditionError('jsonpath expression cannot be empty');
  try {
    return jsonPath(relaxedPath(expression), { allowMissing: true });
  } catch (error) {
    if (error instanceof JsonPathError) throw new WaitConditionError(error.message);
    throw error;
  }
}

/** Splits at every `=` that is not part of a comparison such as `==` or `!=`. */
function splitAtEquals(text: string): readonly string[] {
  return text.split(/(?<![=!<>])=(?!=)/);
}
