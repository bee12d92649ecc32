import { LAST_APPLIED } from '../../api/well-known.ts';
import { chosenNames, readChosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { misuse } from '../errors.ts';
import { manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { jsonText, yamlText } from '../printers/object-text.ts';
import { selectionFlags } from '../selection.ts';

/** `kdaemon apply view-last-applied`. */
export const viewLastAppliedCommand: CommandSpec = {
  name: 'view-last-applied',
  summary: 'View the last applied configuration of a resource or file',
  description:
    'View the configuration that client-side apply has kept on objects, by type and name or by file.\n\n The default is YAML.',
  examples: [
    '# As YAML',
    'kdaemon apply view-last-applied daemonset/fluentd-elasticsearch -n kube-system',
    '',
    '# As JSON, of what a manifest names',
    'kdaemon apply view-last-applied -f daemonset.yaml -o json',
  ],
  usage: 'kdaemon apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME) [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags,
    { name: 'all', type: 'bool', default: 'false', usage: 'All objects of the given types.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'yaml',
      usage: 'Output format. Must be one of (yaml, json)',
    },
  ],
  run: view,
};

async function view(invocation: Invocation): Promise<void> {
  const { flags, context, commandPath } = invocation;
  const output = flags.string('output');
  if (output !== 'yaml' && output !== 'json') {
    throw misuse(
      commandPath,
      `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`,
    );
  }
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const names = await chosenNames(invocation, client, failures, { wholeTypes: true });
  const chosen = await readChosen(client, names, failures);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  for (const { object } of chosen) {
    const text = object.metadata.annotations?.[LAST_APPLIED];
    // kubectl has nothing to say of objects that were never applied.
    if (text === undefined) continue;
    const value: unknown = JSON.parse(text);
    context.streams.out(output === 'json' ? narrowJson(value) : await yamlText(value));
  }
}

/** JSON with two blanks a level, where `get` has four. */
function narrowJson(value: unknown): string {
  return jsonText(value).replace(/^ +/gm, (blanks) => blanks.slice(blanks.length / 2));
}
