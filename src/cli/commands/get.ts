import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { fromManifests, manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import {
  GET_FORMATS,
  managedFieldsFlag,
  outputFormatFlags,
  outputFormatOf,
} from '../printers/output-format.ts';
import { selectionFlags } from '../selection.ts';
import { subresourceFlag } from '../subresource-flag.ts';
import { answersTo } from './get/answers.ts';
import { printAnswers } from './get/print.ts';
import { questionOf } from './get/question.ts';

/** `kdaemon get`. */
export const command: CommandSpec = {
  name: 'get',
  summary: 'Display one or many resources',
  description:
    'Display one or many resources.\n\n Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don\'t specify any namespace.\n\nUse "kdaemon api-resources" for a complete list of supported resources.',
  examples: [
    '# List the DaemonSets of a namespace',
    'kdaemon get daemonsets -n kube-system',
    '',
    '# List the pods with a label, and the nodes that they are on',
    'kdaemon get pods -l name=fluentd-elasticsearch -n kube-system -o wide',
    '',
    '# One object as YAML',
    'kdaemon get node worker-1 -o yaml',
    '',
    '# The objects that a manifest names',
    'kdaemon get -f daemonset.yaml',
    '',
    '# Columns of your own',
    'kdaemon get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName',
    '',
    '# The nodes of all pods, one a line',
    `kdaemon get pods -A -o jsonpath='{range .items[*]}{.spec.nodeName}{"\\n"}{end}'`,
    '',
    '# Follow a rollout',
    'kdaemon get pods -w',
  ],
  usage:
    'kdaemon get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags,
    ...outputFormatFlags,
    managedFieldsFlag,
    {
      name: 'no-headers',
      type: 'bool',
      default: 'false',
      usage: "When printing a table, don't print headers (default print headers).",
    },
    {
      name: 'show-labels',
      type: 'bool',
      default: 'false',
      usage: 'When printing, show all labels as the last column (default hide labels column)',
    },
    {
      name: 'label-columns',
      short: 'L',
      type: 'strings',
      default: '[]',
      usage:
        'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
    },
    {
      name: 'show-kind',
      type: 'bool',
      default: 'false',
      usage: 'If present, list the resource type for the requested object(s).',
    },
    {
      name: 'sort-by',
      type: 'string',
      default: "''",
      usage: "If non-empty, sort lists by the field at this path (e.g. '{.metadata.name}').",
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'If the requested object does not exist the command will return exit code 0.',
    },
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'false',
      usage: 'After listing/getting the requested object, watch for changes.',
    },
    {
      name: 'watch-only',
      type: 'bool',
      default: 'false',
      usage: 'Watch for changes to the requested object(s), without listing/getting first.',
    },
    {
      name: 'output-watch-events',
      type: 'bool',
      default: 'false',
      usage:
        'With --watch or --watch-only, print what happened to each object; what is there already counts as added.',
    },
    subresourceFlag('print'),
    {
      name: 'raw',
      type: 'string',
      default: "''",
      usage: 'Print what the API answers to a GET of this path.',
    },
    {
      name: 'server-print',
      type: 'bool',
      default: 'true',
      usage: 'Taken for the sake of scripts; tables are the same either way.',
      hidden: true,
    },
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Taken for the sake of scripts; lists are always read at once.',
      hidden: true,
    },
  ],
  run: get,
};

async function get(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  if (flags.given('raw')) {
    const { getRaw } = await import('./get/raw.ts');
    await getRaw(invocation);
    return;
  }
  requireOptions(invocation);
  const format = outputFormatOf(flags.string('output'), flags.string('template'), GET_FORMATS);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const question = await questionOf(invocation, client, failures);
  if (flags.string('subresource') !== '' && question.targets.some(({ name }) => name === undefined)) {
    throw new CommandError('subresource cannot be used when bulk resources are specified');
  }
  if (flags.bool('watch') || flags.bool('watch-only')) {
    const { watchTargets } = await import('./get/watch.ts');
    await watchTargets(invocation, client, question, format, failures);
    return;
  }
  const answers = await answersTo(question, invocation, client, failures);
  await printAnswers(invocation, client, answers, format, {
    single: question.single,
    failed: failures.length > 0,
  });
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** Throws where arguments and flags do not go together, before anything is read. */
function requireOptions({ flags, args }: Invocation): void {
  const output = flags.string('output');
  if (flags.bool('show-labels') && output !== '' && output !== 'wide') {
    throw new CommandError(`--show-labels option cannot be used with ${output} printer`);
  }
  const watches = flags.bool('watch') || flags.bool('watch-only');
  if (flags.bool('output-watch-events') && !watches) {
    throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
  }
  const fromFiles = fromManifests(flags);
  if (fromFiles && args.length > 0) {
    throw new CommandError(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    );
  }
  if (!fromFiles && args.length === 0) {
    throw new PlainError(
      `You must specify the type of resource to get. Use "kdaemon api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kdaemon explain <resource>" for a detailed description of that resource (e.g. kdaemon explain pods).\nSee 'kdaemon get -h' for help and examples`,
    );
  }
}
