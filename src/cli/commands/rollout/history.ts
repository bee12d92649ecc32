import type { KubeObject } from '../../../api/meta.ts';
import type { CommandSpec, Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { qualifiedName } from '../../object-names.ts';
import { managedFieldsFlag, objectWriter, outputFlag } from '../../output.ts';
import { choiceFlags, forEachChosen } from './choose.ts';
import { type Revision, revisionsOf } from './revisions.ts';
import { type RolledOut, requireRolledOut } from './workload.ts';

/** `kdaemon rollout history`. */
export const history: CommandSpec = {
  name: 'history',
  summary: 'View rollout history',
  description: 'View previous rollout revisions and configurations.',
  examples: [
    '# The revisions of a DaemonSet',
    'kdaemon rollout history daemonset/fluentd-elasticsearch',
    '',
    '# The pod template of revision 3',
    'kdaemon rollout history daemonset/fluentd-elasticsearch --revision=3',
  ],
  usage: 'kdaemon rollout history (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...choiceFlags,
    {
      name: 'revision',
      type: 'int',
      default: '0',
      usage: 'See the details, including the pod template, of this revision',
    },
    outputFlag,
    managedFieldsFlag,
  ],
  run: showHistory,
};

async function showHistory(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const number = flags.int('revision');
  if (number < 0) throw new CommandError(`revision must be a positive integer: ${number}`);
  const writer = objectWriter(context.streams, flags);
  const client = await context.client();
  await forEachChosen(invocation, client, async (chosen) => {
    const workload = requireRolledOut(chosen, { missing: 'history viewer', retrieving: 'history' });
    const revisions = await revisionsOf(client, workload);
    const { streams } = context;
    const wanted = number > 0 ? revisions.filter((one) => one.number === number) : revisions;
    const isMissing = wanted.length === 0 && revisions.length > 0;
    if (isMissing) throw new CommandError('unable to find the specified revision');
    if (writer === undefined) {
      const which = number > 0 ? `with revision #${number}` : '';
      const body =
        revisions.length === 0 ? 'No rollout history found.' : await historyText(wanted, number > 0);
      streams.out(`${qualifiedName(chosen.resource, chosen.name)} ${which}\n${body}\n`);
      return;
    }
    for (const revision of wanted) await writer.write(asOfRevision(workload, revision));
  });
}

/** The table of revisions, or the template of one. */
async function historyText(revisions: readonly Revision[], details: boolean): Promise<string> {
  if (details) {
    const { templateText } = await import('../../describe/pod-template.ts');
    return templateText(revisions[0]?.template);
  }
  const { alignTabs } = await import('../../describe/tabbed-text.ts');
  const rows = revisions.map(({ number, cause }) => `${number}\t${cause || '<none>'}\n`);
  return alignTabs(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`);
}

/** The object as it was with a revision's template. */
function asOfRevision({ object }: RolledOut, { template }: Revision): KubeObject {
  if (template === undefined) return object;
  const past = { ...object, spec: { ...object.spec, template } };
  return past;
}
