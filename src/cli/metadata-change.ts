import type { Client } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import {
  applyPairs,
  type MetadataField,
  type MetadataPairs,
  overwriteProblems,
  parsePairs,
  splitChanges,
} from '../domain/metadata-pairs.ts';
import type { JsonObject } from '../domain/patch/json-object.ts';
import { createMergePatch } from '../domain/patch/merge-patch.ts';
import type { Chosen } from './chosen-objects.ts';
import type { Invocation } from './command.ts';
import { CommandError, ManyErrors, PlainError } from './errors.ts';
import type { Flag } from './flags.ts';
import { attempt, fromManifests, manifestFlags } from './manifest-objects.ts';
import { failureOf } from './manifests.ts';
import { kindOf } from './object-names.ts';
import {
  allFlag,
  fieldManagerFlag,
  isClientSide,
  localFlag,
  objectsToChange,
  sendPatch,
} from './objects-to-change.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from './output.ts';
import { compactJson } from './printers/object-text.ts';
import { selectionFlags } from './selection.ts';

/** Flags of `label` and `annotate`. `noun`: `label`. */
export function metadataFlags(noun: string, manager: string): readonly Flag[] {
  return [
    ...manifestFlags,
    ...selectionFlags,
    allFlag,
    localFlag,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    fieldManagerFlag(manager),
    {
      name: 'list',
      type: 'bool',
      default: 'false',
      usage: `If true, print the ${noun}s of the chosen objects, and change nothing.`,
    },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'false',
      usage: `If true, a ${noun} that is there already gets the new value; otherwise that is refused.`,
    },
    {
      name: 'resource-version',
      type: 'string',
      default: "''",
      usage: 'Change the object only if this is its resource version. Only for a single object.',
    },
  ];
}

/** What tells `label` from `annotate`. */
export interface MetadataVerb {
  readonly noun: 'label' | 'annotation';
  readonly field: MetadataField;
  /** The word for what became of an object, from its old and its new state. */
  did(before: KubeObject, after: KubeObject, overwrite: boolean): string;
}

/** kubectl's words for a change of labels: it tells a removal by the shorter text of the object. */
export function labelWord(before: KubeObject, after: KubeObject, overwrite: boolean): string {
  const [old, now] = [compactJson(before), compactJson(after)];
  if (old === now) return 'not labeled';
  return !overwrite && now.length < old.length ? 'unlabeled' : 'labeled';
}

/** Runs `label` or `annotate`. */
export async function changeMetadata(invocation: Invocation, verb: MetadataVerb): Promise<void> {
  const { flags, context } = invocation;
  const { resources, pairs } = requestOf(invocation, verb);
  const printer = changePrinter(context.streams, flags);
  dryRunOf(flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const choice = await objectsToChange(invocation, client, failures, { args: resources, selects: true });
  const wanted = flags.string('resource-version');
  if (wanted !== '' && !choice.single) {
    throw new CommandError('--resource-version may only be used with a single resource');
  }
  for (const one of choice.objects) {
    await attempt(failures, async () => {
      const problems = flags.bool('overwrite')
        ? []
        : overwriteProblems(one.object.metadata[verb.field] ?? {}, pairs.set, verb.field);
      if (problems.length > 0) throw refusalOf(problems);
      const changed = changedObject(one.object, pairs, verb.field, wanted);
      if (flags.bool('list')) {
        context.streams.out(listing(changed, verb, choice.single));
        return;
      }
      const after = isClientSide(invocation)
        ? changed
        : await store(invocation, client, { one, changed, pairs, verb });
      await printer.print(after, verb.did(one.object, after, flags.bool('overwrite')));
    });
  }
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

function refusalOf(problems: readonly string[]): Error {
  const [only = ''] = problems;
  return problems.length === 1
    ? new CommandError(only)
    : new ManyErrors(problems.map((one) => new PlainError(one)));
}

function requestOf(
  { flags, args }: Invocation,
  { noun, field }: MetadataVerb,
): { readonly resources: readonly string[]; readonly pairs: MetadataPairs } {
  const split = splitChanges(args, noun);
  if (!split.ok) throw new CommandError(split.problem);
  const pairs = parsePairs(split.changes, field);
  if (typeof pairs === 'string') throw new CommandError(pairs);
  for (const selector of ['selector', 'field-selector']) {
    if (flags.bool('all') && flags.string(selector) !== '') {
      throw new CommandError(`cannot set --all and --${selector} at the same time`);
    }
  }
  const fromFiles = fromManifests(flags);
  if (flags.bool('local')) {
    if (dryRunOf(flags) === 'server') {
      throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    }
    if (split.resources.length > 0 || !fromFiles) {
      throw new CommandError(
        'can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set',
      );
    }
  } else if (split.resources.length === 0 && !fromFiles) {
    throw new CommandError(
      'one or more resources must be specified as <resource> <name> or <resource>/<name>',
    );
  }
  if (split.changes.length === 0 && !flags.bool('list')) {
    throw new CommandError(`at least one ${noun} update is required`);
  }
  return { resources: split.resources, pairs };
}

function changedObject(
  object: KubeObject,
  pairs: MetadataPairs,
  field: MetadataField,
  resourceVersion: string,
): KubeObject {
  const { [field]: existing = {}, ...others } = object.metadata;
  const next = applyPairs(existing, pairs);
  const metadata = {
    ...others,
    ...(Object.keys(next).length === 0 ? {} : { [field]: next }),
    ...(resourceVersion === '' ? {} : { resourceVersion }),
  };
  return { ...object, metadata };
}

interface Change {
  readonly one: Chosen;
  readonly changed: KubeObject;
  readonly pairs: MetadataPairs;
  readonly verb: MetadataVerb;
}

async function store(invocation: Invocation, client: Client, change: Change): Promise<KubeObject> {
  const { one, changed, pairs, verb } = change;
  const existing = one.object.metadata[verb.field] ?? {};
  if (verb.noun === 'label') {
    for (const key of pairs.remove.filter((name) => !Object.hasOwn(existing, name))) {
      invocation.context.streams.out(`label ${JSON.stringify(key)} not found.\n`);
    }
  }
  // Objects of the API are JSON.
  const patch = createMergePatch(one.object as unknown as JsonObject, changed as unknown as JsonObject);
  return Object.keys(patch).length === 0
    ? one.object
    : await sendPatch(invocation, client, one, { patchType: 'merge', patch });
}

function listing(object: KubeObject, { noun, field }: MetadataVerb, single: boolean): string {
  const lines = Object.entries(object.metadata[field] ?? {}).map(([key, value]) => `${key}=${value}\n`);
  lines.sort();
  if (single) return lines.join('');
  const head = `Listing ${noun}s for ${object.kind}.${kindOf(object).group}/${object.metadata.name ?? ''}:\n`;
  return head + lines.map((line) => ` ${line}`).join('');
}
