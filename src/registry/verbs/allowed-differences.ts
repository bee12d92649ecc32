import { at } from '../strategies/generic.ts';
import type { Differences, Test } from './alike.ts';

const isText: Test = (given) => typeof given === 'string' && given !== '';
const PATH_SEGMENT = /^[a-z0-9][-a-z0-9.]{0,250}[a-z0-9]$/;
const isName: Test = (given) => typeof given === 'string' && PATH_SEGMENT.test(given);
const NODE_NAME = /^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?){0,3}$/;
const OCTET = '(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])';
const ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);
const isAddress: Test = (given) => typeof given === 'string' && ADDRESS.test(given);
const isAddressList: Test = (given) => {
  if (!Array.isArray(given) || given.length !== 1) return false;
  const [only] = given;
  return (
    typeof only === 'object' && only !== null && Object.keys(only).join() === 'ip' && isAddress(only.ip, null)
  );
};

/** A list with the valid name of one node. */
const isOneNode = (given: unknown): boolean =>
  Array.isArray(given) && given.length === 1 && typeof given[0] === 'string' && NODE_NAME.test(given[0]);

/** An affinity that pins to one node, by the field `metadata.name`, with everything else as in the example. */
const pinsAlike: Test = (given, example) => {
  const own = pinnedValues(given);
  const other = pinnedValues(example);
  return isOneNode(own) && isOneNode(other) && sameBut(given, example, own, other);
};

/** The `values` of the single term of a pinning affinity; undefined for any other. */
function pinnedValues(affinity: unknown): unknown {
  const terms = at(
    affinity,
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  const fields = Array.isArray(terms) && terms.length === 1 ? at(terms[0], 'matchFields') : undefined;
  if (!Array.isArray(fields) || fields.length !== 1) return undefined;
  const isPin = at(fields[0], 'key') === 'metadata.name' && at(fields[0], 'operator') === 'In';
  return isPin ? at(fields[0], 'values') : undefined;
}

/** Whether two affinities are the same but for the lists of values that they pin with. */
function sameBut(given: unknown, example: unknown, pinned: unknown, examplePinned: unknown): boolean {
  if (given === example || (given === pinned && example === examplePinned)) return true;
  if (typeof given !== 'object' || typeof example !== 'object' || given === null || example === null) {
    return false;
  }
  if (Array.isArray(given) !== Array.isArray(example)) return false;
  const names = Object.keys(given);
  const others = Object.keys(example);
  return (
    names.length === others.length &&
    names.every(
      (name, index) =>
        others[index] === name && sameBut(at(given, name), at(example, name), pinned, examplePinned),
    )
  );
}

/** What pods and events of one make differ in when they are created. */
export const CREATED: Readonly<Record<string, Differences | undefined>> = {
  '/Pod': { spec: { affinity: pinsAlike } },
  '/Event': {
    metadata: { name: isName },
    involvedObject: { name: isText, uid: isText, resourceVersion: isText },
    message: isText,
  },
};

/** What the statuses of pods of one make differ in. */
export const ADDRESSES: Differences = {
  hostIP: isAddress,
  hostIPs: isAddressList,
  podIP: isAddress,
  podIPs: isAddressList,
};
