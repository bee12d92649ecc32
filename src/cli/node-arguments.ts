import type { Client, ResourceInfo } from '../api/client.ts';
import type { Node } from '../api/core.ts';
import { NODE } from '../api/well-known.ts';
import type { Invocation } from './command.ts';
import { CommandError, misuse } from './errors.ts';
import { attempt } from './manifest-objects.ts';
import { failureOf } from './manifests.ts';
import { qualifiedName } from './object-names.ts';
import { sendPatch } from './objects-to-change.ts';
import { DRY_RUN_SUFFIX, dryRunOf } from './output.ts';
import { parseTargets } from './resource-arguments.ts';

/** A node that a command is about. */
export interface ChosenNode {
  readonly resource: ResourceInfo;
  readonly node: Node;
}

/** The flag that cordon, uncordon and drain choose nodes with. */
export const nodeSelectorFlag = {
  name: 'selector',
  short: 'l',
  type: 'string',
  default: "''",
  usage: "Selector (label query) to filter nodes on, supports '=', '==', '!=', 'in', 'notin'.",
} as const;

/**
 * Reads the nodes that `NAME …`, `node/NAME …` or `-l` ask for. Throws before anything is changed where one is not
 * there, where the arguments do not go together, or where they name something else than nodes.
 */
export async function chosenNodes(
  { flags, args, commandPath }: Invocation,
  client: Client,
): Promise<readonly ChosenNode[]> {
  const selector = flags.string('selector');
  if (args.length > 0 && flags.given('selector')) {
    throw misuse(commandPath, 'cannot specify both a node name and a --selector option');
  }
  if (args.length === 0 && !flags.given('selector')) {
    throw misuse(commandPath, `USAGE: ${commandPath.replace(/^\S+ /, '')} NODE [flags]`);
  }
  const [nodes] = await parseTargets(client, ['nodes']);
  if (nodes === undefined) throw new CommandError(`the server doesn't have a resource type "nodes"`);
  const { resource } = nodes;
  if (args.length === 0) {
    const { items } = await client.list(NODE, { labelSelector: selector });
    return items.map((node) => ({ resource, node }));
  }
  const typed = args.some((arg) => arg.includes('/'));
  const targets = await parseTargets(client, typed ? args : ['nodes', ...args]);
  const chosen: ChosenNode[] = [];
  for (const { resource: found, name = '' } of targets) {
    if (found.group !== NODE.group || found.kind !== NODE.kind) {
      throw new CommandError(
        `expected resource of type node, got "${found.group === '' ? '' : `${found.group}/`}${found.version}, Resource=${found.plural}"`,
      );
    }
    chosen.push({ resource: found, node: await client.get(NODE, { namespace: '', name }) });
  }
  return chosen;
}

/** The manager that kubectl's cordon and drain leave to the server to name: the client. */
const CLIENT = 'kubectl';

/** Makes one node unschedulable, or schedulable again, and prints kubectl's line about it. */
export async function cordonNode(
  invocation: Invocation,
  client: Client,
  { resource, node }: ChosenNode,
  unschedulable: boolean,
): Promise<void> {
  const { flags, context } = invocation;
  const name = node.metadata.name ?? '';
  const dryRun = dryRunOf(flags);
  const isAlready = (node.spec?.unschedulable ?? false) === unschedulable;
  if (!isAlready && dryRun !== 'client') {
    const one = { resource, namespace: '', name, object: node };
    await sendPatch(invocation, client, one, {
      fieldManager: CLIENT,
      patchType: 'strategic',
      patch: { spec: { unschedulable: unschedulable ? true : null } },
    });
  }
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  context.streams.out(
    `${qualifiedName(resource, name)} ${isAlready ? 'already ' : ''}${word}${DRY_RUN_SUFFIX[dryRun]}\n`,
  );
}

/** `cordon` and `uncordon`: changes every node that is asked for, and throws the failures together at the end. */
export async function cordonNodes(invocation: Invocation, unschedulable: boolean): Promise<void> {
  // A word that --dry-run does not know is refused before anything is read.
  dryRunOf(invocation.flags);
  const client = await invocation.context.client();
  const failures: (string | Error)[] = [];
  for (const chosen of await chosenNodes(invocation, client)) {
    await attempt(failures, () => cordonNode(invocation, client, chosen, unschedulable));
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}
