import type { Client } from '../../../api/client.ts';
import type { PodTemplateSpec } from '../../../api/core.ts';
import type { Json } from '../../../api/meta.ts';
import { LAST_APPLIED } from '../../../api/well-known.ts';
import { revisionData } from '../../../domain/daemonset/revision-data.ts';
import { rollbackTarget } from '../../../domain/rollout/history.ts';
import type { Chosen } from '../../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { send } from '../../manifest-objects.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../../output.ts';
import { choiceFlags, forEachChosen } from './choose.ts';
import { type Revision, revisionsOf, withoutHash } from './revisions.ts';
import { type RolledOut, requireRolledOut } from './workload.ts';

/** `kdaemon rollout undo`. */
export const undo: CommandSpec = {
  name: 'undo',
  summary: 'Undo a previous rollout',
  description: 'Roll back to a previous rollout.',
  examples: [
    '# Roll back to the revision before',
    'kdaemon rollout undo daemonset/fluentd-elasticsearch',
    '',
    '# Roll back to revision 3',
    'kdaemon rollout undo daemonset/fluentd-elasticsearch --to-revision=3',
    '',
    '# Only print what would come back',
    'kdaemon rollout undo daemonset/fluentd-elasticsearch --dry-run=client',
  ],
  usage: 'kdaemon rollout undo (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...choiceFlags,
    {
      name: 'to-revision',
      type: 'int',
      default: '0',
      usage: 'The revision to roll back to. Default to 0 (last revision).',
    },
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
  ],
  run: rollBack,
};

async function rollBack(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const printer = changePrinter(context.streams, flags);
  const client = await context.client();
  await forEachChosen(invocation, client, async (chosen) => {
    const did = await rollBackOne(invocation, client, chosen);
    await printer.print(chosen.object, did);
  });
  await printer.end();
}

async function rollBackOne({ flags, context }: Invocation, client: Client, chosen: Chosen): Promise<string> {
  const workload = requireRolledOut(chosen, { missing: 'rollbacker', retrieving: 'rollbacker' });
  const { resource, namespace, name } = chosen;
  const number = flags.int('to-revision');
  const dryRun = dryRunOf(flags);
  const target = targetOf(workload, await revisionsOf(client, workload), number);
  const template = target.template ?? { spec: { containers: [] } };
  if (workload.object.metadata.annotations?.[LAST_APPLIED] !== undefined) {
    context.streams.err(
      `Warning: resource ${resource.plural}/${name} was previously managed with 'kdaemon apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kdaemon apply' operations. Consider using 'kdaemon apply' with your previous configuration file instead.\n`,
    );
  }
  if (dryRun === 'client') {
    const { templateText } = await import('../../describe/pod-template.ts');
    return `will roll back to ${templateText(template)}`;
  }
  if (target.current) {
    return `skipped rollback (current template already matches revision ${number})`;
  }
  await send(client, context, {
    verb: 'patch',
    kind: resource,
    key: { namespace, name },
    ...restoring(workload, template),
    dryRun: dryRun === 'server',
    fieldManager: 'kubectl-rollout',
  });
  return 'rolled back';
}

/** The revision to go back to. Throws CommandError where there is none. */
function targetOf(workload: RolledOut, revisions: readonly Revision[], number: number): Revision {
  if (workload.kind === 'Deployment') {
    const { name = '' } = workload.object.metadata;
    if (number === 0 && revisions.length === 0) {
      throw new CommandError(`no rollout history found for deployment ${JSON.stringify(name)}`);
    }
    if (workload.object.spec.paused === true) {
      throw new CommandError(
        `you cannot rollback a paused deployment; resume it first with 'kdaemon rollout resume deployment/${name}' and try again`,
      );
    }
  }
  const found = rollbackTarget(revisions, number);
  if ('error' in found) throw new CommandError(found.error);
  return found.revision;
}

/** The patch that puts a template back whole. */
function restoring(
  { kind }: RolledOut,
  template: PodTemplateSpec,
): { readonly patchType: 'strategic' | 'json'; readonly patch: Json } {
  if (kind !== 'Deployment') return { patchType: 'strategic', patch: revisionData(template) };
  const value = withoutHash(template) as unknown as Json; // a template is JSON
  return { patchType: 'json', patch: [{ op: 'replace', path: '/spec/template', value }] };
}
