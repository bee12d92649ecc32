import type { ResourceInfo } from '../../../api/client.ts';
import type { CommandSpec, Invocation } from '../../command.ts';
import { onlyName } from '../../create-object.ts';
import { CommandError } from '../../errors.ts';
import type { Flag } from '../../flags.ts';
import { generatorCommand, namespacedMetadata } from '../../generator.ts';
import { parseTargets } from '../../resource-arguments.ts';

const API = 'rbac.authorization.k8s.io';

const ruleFlags: readonly Flag[] = [
  { name: 'verb', type: 'strings', default: '[]', usage: 'Verbs that apply to the resources of the rule.' },
  { name: 'resource', type: 'strings', default: '[]', usage: 'Resources that the rule applies to.' },
  { name: 'resource-name', type: 'repeated', default: '[]', usage: 'Names of objects that are meant alone.' },
];

/** `kdaemon create role`. */
export const roleCommand: CommandSpec = generatorCommand({
  name: 'role',
  summary: 'Create a role with single rule',
  usage: '--verb=verb --resource=resource.group/subresource [--resource-name=resourcename]',
  examples: [
    '# Create a role that may look at pods',
    'kdaemon create role viewer --verb=get,list --resource=pods',
  ],
  flags: ruleFlags,
  async make(invocation) {
    const name = onlyName(invocation);
    const rules = await resourceRules(invocation);
    if (rules.length === 0) throw new CommandError('at least one resource must be specified');
    return {
      apiVersion: `${API}/v1`,
      kind: 'Role',
      metadata: namespacedMetadata(invocation.context, name),
      rules,
    };
  },
});

/** `kdaemon create clusterrole`. */
export const clusterRoleCommand: CommandSpec = generatorCommand({
  name: 'clusterrole',
  summary: 'Create a cluster role',
  usage: '--verb=verb --resource=resource.group [--resource-name=resourcename] [--non-resource-url=url]',
  examples: [
    '# Create a cluster role that may read nodes',
    'kdaemon create clusterrole node-reader --verb=get,list,watch --resource=nodes',
  ],
  flags: [
    ...ruleFlags,
    { name: 'non-resource-url', type: 'strings', default: '[]', usage: 'Paths that are no resources.' },
  ],
  async make(invocation) {
    const name = onlyName(invocation);
    const urls = invocation.flags.strings('non-resource-url');
    const rules = await resourceRules(invocation);
    if (rules.length === 0 && urls.length === 0) {
      throw new CommandError('one of resource or nonResourceURL must be specified');
    }
    const nonResource = urls.length === 0 ? [] : [{ nonResourceURLs: urls, verbs: verbsOf(invocation) }];
    return {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [...rules, ...nonResource],
    };
  },
});

/** Verbs of which kubectl does not wonder. */
const STANDARD_VERBS: readonly string[] = [
  '*',
  'bind',
  'create',
  'delete',
  'deletecollection',
  'escalate',
  'get',
  'impersonate',
  'list',
  'patch',
  'proxy',
  'update',
  'use',
  'watch',
];

function verbsOf({ flags }: Invocation): readonly string[] {
  const verbs = [...new Set(flags.strings('verb'))];
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  return verbs.includes('*') ? ['*'] : verbs;
}

/** One rule for each API group, in the order in which they were named. */
async function resourceRules(invocation: Invocation): Promise<readonly object[]> {
  const { flags, context } = invocation;
  const verbs = verbsOf(invocation);
  for (const verb of flags.given('resource') ? verbs : []) {
    if (!STANDARD_VERBS.includes(verb)) {
      context.streams.err(`Warning: '${verb}' is not a standard resource verb\n`);
    }
  }
  const client = await context.client();
  const groups = new Map<string, string[]>();
  for (const typed of flags.strings('resource')) {
    const [type = '', subresource] = typed.split('/');
    const found: readonly Pick<ResourceInfo, 'group' | 'plural'>[] =
      type === '*'
        ? [{ group: '', plural: '*' }]
        : (await parseTargets(client, [type])).map(({ resource }) => resource);
    for (const { group, plural } of found) {
      const name = subresource === undefined ? plural : `${plural}/${subresource}`;
      const names = groups.get(group) ?? [];
      if (!names.includes(name)) names.push(name);
      groups.set(group, names);
    }
  }
  const resourceNames = flags.strings('resource-name');
  return [...groups].map(([group, resources]) => ({
    apiGroups: [group],
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
    resources,
    verbs,
  }));
}

const subjectFlags: readonly Flag[] = [
  { name: 'user', type: 'repeated', default: '[]', usage: 'Users that get the role.' },
  { name: 'group', type: 'repeated', default: '[]', usage: 'Groups that get the role.' },
  {
    name: 'serviceaccount',
    type: 'repeated',
    default: '[]',
    usage: 'Service accounts that get the role, in the format <namespace>:<name>.',
  },
];
const clusterRoleFlag: Flag = {
  name: 'clusterrole',
  type: 'string',
  default: "''",
  usage: 'The cluster role to bind.',
};

/** `kdaemon create rolebinding`. */
export const roleBindingCommand: CommandSpec = generatorCommand({
  name: 'rolebinding',
  failing: 'failed to create rolebinding: ',
  summary: 'Create a role binding for a particular role or cluster role',
  usage:
    '--clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:name]',
  examples: [
    '# Let two users use the cluster role admin in a namespace',
    'kdaemon create rolebinding admins --clusterrole=admin --user=ada --user=grace -n agents',
  ],
  flags: [
    clusterRoleFlag,
    { name: 'role', type: 'string', default: "''", usage: 'The role to bind.' },
    ...subjectFlags,
  ],
  make(invocation) {
    const { flags, context } = invocation;
    const name = onlyName(invocation);
    const [role, clusterRole] = [flags.string('role'), flags.string('clusterrole')];
    if ((role === '') === (clusterRole === '')) {
      throw new CommandError('exactly one of clusterrole or role must be specified');
    }
    const roleRef = role === '' ? refTo('ClusterRole', clusterRole) : refTo('Role', role);
    return {
      apiVersion: `${API}/v1`,
      kind: 'RoleBinding',
      metadata: namespacedMetadata(context, name),
      roleRef,
      ...subjects(invocation),
    };
  },
});

/** `kdaemon create clusterrolebinding`. */
export const clusterRoleBindingCommand: CommandSpec = generatorCommand({
  name: 'clusterrolebinding',
  failing: 'failed to create clusterrolebinding: ',
  summary: 'Create a cluster role binding for a particular cluster role',
  usage: '--clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:name]',
  examples: [
    '# Let a user use the cluster role cluster-admin',
    'kdaemon create clusterrolebinding root --clusterrole=cluster-admin --user=ada',
  ],
  flags: [clusterRoleFlag, ...subjectFlags],
  make(invocation) {
    const name = onlyName(invocation);
    if (!invocation.flags.given('clusterrole')) {
      throw new CommandError('required flag(s) "clusterrole" not set');
    }
    return {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: refTo('ClusterRole', invocation.flags.string('clusterrole')),
      ...subjects(invocation),
    };
  },
});

function refTo(kind: string, name: string): object {
  return { apiGroup: API, kind, name };
}

function subjects({ flags }: Invocation): object {
  const accounts = flags.strings('serviceaccount').map((text) => {
    const [namespace = '', name = '', ...more] = text.split(':');
    if (namespace === '' || name === '' || more.length > 0) {
      throw new CommandError('serviceaccount must be <namespace>:<name>');
    }
    return { kind: 'ServiceAccount', name, namespace };
  });
  const found = [
    ...flags.strings('user').map((name) => refTo('User', name)),
    ...flags.strings('group').map((name) => refTo('Group', name)),
    ...accounts,
  ];
  return found.length === 0 ? {} : { subjects: found };
}
