import { parseQuantity, QuantityError } from '../../../domain/quantity.ts';
import type { CommandSpec } from '../../command.ts';
import { onlyName } from '../../create-object.ts';
import { CommandError } from '../../errors.ts';
import { generatorCommand, namespacedMetadata } from '../../generator.ts';

/** `kdaemon create serviceaccount`. */
export const serviceAccountCommand: CommandSpec = generatorCommand({
  name: 'serviceaccount',
  failing: 'failed to create serviceaccount: ',
  aliases: ['sa'],
  summary: 'Create a service account with the specified name',
  usage: '',
  examples: ['# Create a service account', 'kdaemon create serviceaccount agent'],
  flags: [],
  make: (invocation) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: namespacedMetadata(invocation.context, onlyName(invocation)),
  }),
});

/** `kdaemon create priorityclass`. */
export const priorityClassCommand: CommandSpec = generatorCommand({
  name: 'priorityclass',
  failing: 'failed to create priorityclass: ',
  aliases: ['pc'],
  summary: 'Create a priority class with the specified name',
  usage: '--value=VALUE [--global-default=BOOL]',
  examples: [
    '# Create a priority class for agents that must not wait',
    'kdaemon create priorityclass agents --value=1000 --description="node agents"',
  ],
  flags: [
    { name: 'value', type: 'int', default: '0', usage: 'The priority of pods of this class.' },
    {
      name: 'global-default',
      type: 'bool',
      default: 'false',
      usage: 'Whether pods that name no class are of this one.',
    },
    { name: 'description', type: 'string', default: "''", usage: 'What the class is for.' },
    {
      name: 'preemption-policy',
      type: 'string',
      default: 'PreemptLowerPriority',
      usage: 'Whether pods of this class may drive out others: PreemptLowerPriority or Never.',
    },
  ],
  make(invocation) {
    const { flags } = invocation;
    const description = flags.string('description');
    return {
      apiVersion: 'scheduling.k8s.io/v1',
      ...(description === '' ? {} : { description }),
      ...(flags.bool('global-default') ? { globalDefault: true } : {}),
      kind: 'PriorityClass',
      metadata: { name: onlyName(invocation) },
      preemptionPolicy: flags.string('preemption-policy'),
      value: flags.int('value'),
    };
  },
});

/** `kdaemon create quota`. */
export const quotaCommand: CommandSpec = generatorCommand({
  name: 'quota',
  failing: 'failed to create quota: ',
  aliases: ['resourcequota'],
  summary: 'Create a quota with the specified name',
  usage: '[--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]',
  examples: ['# Create a quota of ten pods', 'kdaemon create quota small --hard=pods=10,cpu=2'],
  flags: [
    {
      name: 'hard',
      type: 'string',
      default: "''",
      usage: 'A comma-delimited set of resource=quantity pairs that are the limits.',
    },
    { name: 'scopes', type: 'string', default: "''", usage: 'A comma-delimited set of scopes.' },
  ],
  make(invocation) {
    const name = onlyName(invocation);
    const { flags, context } = invocation;
    const hard = hardLimits(flags.string('hard'));
    const scopes = flags.string('scopes');
    return {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: namespacedMetadata(context, name),
      spec: {
        ...(hard === undefined ? {} : { hard }),
        ...(scopes === '' ? {} : { scopes: scopes.split(',') }),
      },
      status: {},
    };
  },
});

function hardLimits(text: string): Readonly<Record<string, string>> | undefined {
  if (text === '') return undefined;
  const pairs = text.split(',').map((pair) => {
    const [resource, quantity, ...more] = pair.split('=');
    if (resource === undefined || quantity === undefined || more.length > 0) {
      throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
    }
    try {
      parseQuantity(quantity);
    } catch (error) {
      if (error instanceof QuantityError) throw new CommandError(error.message);
      throw error;
    }
    return [resource, quantity] as const;
  });
  return Object.fromEntries(pairs);
}
