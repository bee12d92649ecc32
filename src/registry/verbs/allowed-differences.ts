import { type Differences, type Test, Whole } from './alike.ts';

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
  return typeof only === 'object' && only !== null && Object.keys(only).length === 1 && isAddress(only.ip);
};

/** A list with the valid name of one node. */
const isOneNode: Test = (given) =>
  Array.isArray(given) && given.length === 1 && typeof given[0] === 'string' && NODE_NAME.test(given[0]);

/** An affinity that pins to one node, by the only field that there is, `metadata.name`. */
const PIN = new Whole({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: { 0: { matchFields: { 0: { values: isOneNode } } } },
    },
  },
});

/** What pods and events of one make differ in when they are created. Their metadata are their own. */
export const CREATED: Readonly<Record<string, Differences | undefined>> = {
  '/Pod': { metadata: {}, spec: { affinity: PIN } },
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
