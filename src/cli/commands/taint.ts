import type { Client, ResourceInfo } from '../../api/client.ts';
import type { Node } from '../../api/core.ts';
import { NODE } from '../../api/well-known.ts';
import {
  changeTaints,
  contradictions,
  parseTaintSpecs,
  type TaintChanges,
  takenKeys,
} from '../../domain/taint-spec.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, ManyErrors, misuse, PlainError } from '../errors.ts';
import { validateFlag } from '../field-validation.ts';
import { attempt } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { allFlag, fieldManagerFlag, isClientSide, sendPatch } from '../objects-to-change.ts';
import { dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { parseTargets } from '../resource-arguments.ts';
import { listSelected, selectionFlags } from '../selection.ts';
import { unmarkedPrinter } from '../unmarked-printer.ts';

const selectorFlag = selectionFlags.filter(({ name }) => name === 'selector');

/** `kdaemon taint`. */
export const command: CommandSpec = {
  name: 'taint',
  summary: 'Update the taints on one or more nodes',
  description:
    'Update the taints on one or more nodes.\n\n A taint is KEY=VALUE:EFFECT or KEY:EFFECT, and EFFECT is NoSchedule, PreferNoSchedule or NoExecute. With a trailing - it is removed: KEY:EFFECT- removes one, KEY- all with this key.',
  examples: [
    '# Keep pods without a toleration away from a node',
    'kdaemon taint nodes worker-2 dedicated=storage:NoSchedule',
    '',
    '# Remove the taint again',
    'kdaemon taint nodes worker-2 dedicated:NoSchedule-',
  ],
  usage: 'kdaemon taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]',
  flags: [
    allFlag,
    ...selectorFlag,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    fieldManagerFlag('kubectl-taint'),
    validateFlag,
    {
      name: 'overwrite',
      type: 'bool',
      default: 'false',
      usage: 'If true, a taint with the same key and effect is replaced; otherwise that is refused.',
    },
  ],
  run: taint,
};

async function taint(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const { type, names, changes } = requestOf(invocation);
  const printer = unmarkedPrinter(invocation);
  dryRunOf(flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const resource = await nodesBehind(client, type);
  requireConsistent(invocation, names, changes);
  for (const node of await nodesOf(invocation, client, { resource, names, failures })) {
    await attempt(failures, async () => {
      const name = node.metadata.name ?? '';
      const existing = node.spec?.taints ?? [];
      const taken = flags.bool('overwrite') ? [] : takenKeys(existing, changes.add);
      if (taken.length > 0) {
        throw new CommandError(
          `node ${name} already has ${taken.join(',')} taint(s) with same effect(s) and --overwrite is false`,
        );
      }
      const { taints, did, problems } = changeTaints(existing, changes, flags.bool('overwrite'));
      const [problem, ...more] = problems;
      if (problem !== undefined) {
        throw more.length === 0
          ? new CommandError(problem)
          : new ManyErrors(problems.map((one) => new PlainError(one)));
      }
      const changed = { ...node, spec: { ...node.spec, taints } };
      const one = { resource, namespace: '', name, object: node };
      const after = isClientSide(invocation)
        ? changed
        : await sendPatch(invocation, client, one, {
            patchType: 'strategic',
            patch: { spec: { taints: taints.length === 0 ? null : taints.map((each) => ({ ...each })) } },
          });
      await printer.print(after, did);
    });
  }
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

interface Request {
  readonly type: string;
  readonly names: readonly string[];
  readonly changes: TaintChanges;
}

function requestOf({ args, commandPath }: Invocation): Request {
  const isSpec = (arg: string): boolean => /[=:]/.test(arg) || (arg.endsWith('-') && arg !== '-');
  const first = args.findIndex(isSpec);
  const specs = first < 0 ? [] : args.slice(first);
  const stray = specs.find((arg) => !isSpec(arg));
  if (stray !== undefined) {
    throw new CommandError(`all resources must be specified before taint changes: ${stray}`);
  }
  const [type, ...names] = first < 0 ? args : args.slice(0, first);
  const changes = parseTaintSpecs(specs);
  if (typeof changes === 'string') throw misuse(commandPath, changes);
  if (type === undefined)
    throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (specs.length === 0) throw new CommandError('at least one taint update is required');
  return { type, names, changes };
}

async function nodesBehind(client: Client, type: string): Promise<ResourceInfo> {
  const unknown = `the server doesn't have a resource type ${JSON.stringify(type)}`;
  if (type.includes('/')) throw new PlainError(unknown);
  const [target] = await parseTargets(client, [type]).catch((error: unknown) => {
    throw error instanceof CommandError ? new PlainError(unknown) : error;
  });
  if (target === undefined) throw new PlainError(unknown);
  const { resource } = target;
  if (resource.group !== NODE.group || resource.kind !== NODE.kind) {
    throw new CommandError(`invalid resource type ${type}, only node types are supported`);
  }
  return resource;
}

function requireConsistent({ flags }: Invocation, names: readonly string[], changes: TaintChanges): void {
  const both = contradictions(changes);
  if (both.length > 0) {
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: ${both.join(', ')}`,
    );
  }
  const selector = flags.string('selector');
  if (flags.bool('all') && selector !== '') {
    throw new CommandError("setting 'all' parameter with a non empty selector is prohibited");
  }
  if (names.length === 0 && !flags.bool('all') && selector === '') {
    throw new CommandError("at least one resource name must be specified since 'all' parameter is not set");
  }
}

async function nodesOf(
  invocation: Invocation,
  client: Client,
  options: {
    readonly resource: ResourceInfo;
    readonly names: readonly string[];
    readonly failures: (string | Error)[];
  },
): Promise<readonly Node[]> {
  const { resource, names, failures } = options;
  if (invocation.flags.bool('all')) return (await client.list(NODE)).items;
  if (invocation.flags.string('selector') !== '') {
    // Names beside a selector have no say in kubectl. Only nodes have this resource.
    return (await listSelected(client, resource, clusterWide(invocation))) as readonly Node[];
  }
  const nodes: Node[] = [];
  for (const name of names) {
    await attempt(failures, async () => {
      nodes.push(await client.get(NODE, { namespace: '', name }));
    });
  }
  return nodes;
}

/** The flags as listSelected reads them: nodes have no namespace, and there is no field selector here. */
function clusterWide({ flags, context }: Invocation): Pick<Invocation, 'flags' | 'context'> {
  return {
    context,
    flags: { ...flags, string: (name) => (name === 'selector' ? flags.string(name) : ''), bool: () => false },
  };
}
