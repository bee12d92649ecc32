import type { Node } from '../../api/core.ts';
import { ageOf, joined, NONE, nameOf, UNKNOWN } from './cell-text.ts';
import { tableKind } from './table.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';

/** v1 Node. */
export const nodeTable = tableKind<Node>(
  [
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    '+Internal-IP',
    '+External-IP',
    '+OS-Image',
    '+Kernel-Version',
    '+Container-Runtime',
  ],
  (node, now) => {
    const info = node.status?.nodeInfo ?? {};
    return [
      nameOf(node),
      nodeStatus(node),
      joined(nodeRoles(node)),
      ageOf(node, now),
      info.kubeletVersion ?? '',
      addressOf(node, 'InternalIP'),
      addressOf(node, 'ExternalIP'),
      info.osImage || UNKNOWN,
      kernelVersion(info.kernelVersion, info.architecture),
      info.containerRuntimeVersion || UNKNOWN,
    ];
  },
);

/** The STATUS column: the Ready condition in words, and whether the node is cordoned. */
function nodeStatus(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const words = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${words},SchedulingDisabled` : words;
}

/** Roles from the labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role: <role>`, sorted. */
function nodeRoles(node: Node): readonly string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
      roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === ROLE_LABEL && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

function addressOf(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? NONE;
}

function kernelVersion(version: string | undefined, architecture: string | undefined): string {
  if (!version) return UNKNOWN;
  return architecture ? `${version} (${architecture})` : version;
}
