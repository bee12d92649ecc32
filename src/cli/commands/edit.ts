import { rmSync } from 'node:fs';
import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import type { Chosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import {
  causeLines,
  type EditReason,
  editableText,
  hasContent,
  headerText,
  objectsIn,
  saysTheSame,
  withoutComments,
} from '../edit/edited-file.ts';
import { type EditedText, editText } from '../edit/editor.ts';
import { CommandError, PlainError } from '../errors.ts';
import { fieldValidationOf, validateFlag } from '../field-validation.ts';
import { withLastApplied } from '../last-applied.ts';
import { fromManifests, manifestFlags, readyObject, send } from '../manifest-objects.ts';
import { failureOf, type ManifestObject } from '../manifests.ts';
import { fieldManagerFlag, nothingNamed, objectsToChange } from '../objects-to-change.ts';
import { type ChangePrinter, managedFieldsFlag } from '../output.ts';
import { patchBetween } from '../patch-text.ts';
import { compactJson, withoutManagedFields } from '../printers/object-text.ts';
import { requireSubresource, subresourceFlag } from '../subresource-flag.ts';
import { unmarkedPrinter } from '../unmarked-printer.ts';

/** `kdaemon edit`. */
export const command: CommandSpec = {
  name: 'edit',
  summary: 'Edit a resource on the server',
  description:
    'Edit a resource from the default editor.\n\n The editor is $KUBE_EDITOR, else $EDITOR, else vi. When what was written is refused, the file is opened again with the reasons at its top; what could not be saved in the end stays in a file that is named.',
  examples: [
    '# Edit a DaemonSet',
    'kdaemon edit daemonset agent',
    '',
    '# With another editor',
    'KUBE_EDITOR=nano kdaemon edit daemonset agent',
  ],
  usage: 'kdaemon edit (RESOURCE/NAME | -f FILENAME) [options]',
  flags: [
    ...manifestFlags,
    validateFlag,
    fieldManagerFlag('kubectl-edit'),
    subresourceFlag('edit'),
    managedFieldsFlag,
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: "''",
      usage: 'The format to edit in. One of: (json, yaml).',
    },
    {
      name: 'output-patch',
      type: 'bool',
      default: 'false',
      usage: 'Print the patch of each object that was edited.',
    },
    {
      name: 'save-config',
      type: 'bool',
      default: 'false',
      usage: 'If true, the edited object is kept in the annotation that "kdaemon apply" compares with.',
    },
  ],
  run: edit,
};

async function edit(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  const format = formatOf(invocation);
  const printer = unmarkedPrinter(invocation);
  if (args.length === 0 && !fromManifests(flags)) {
    throw nothingNamed();
  }
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const { objects } = await objectsToChange(invocation, client, failures, {
    args,
    selects: false,
    wholeTypes: true,
  });
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  if (objects.length === 0) throw new CommandError('edit cancelled, no objects found');
  for (const { resource } of objects) requireSubresource(resource, flags.string('subresource'));

  const original = await editableText(
    objects.map(({ object }) => object),
    format,
  );
  let text = original;
  let reasons: readonly EditReason[] = [];
  let last: EditedText | undefined;
  for (;;) {
    // JSON has no comments.
    const head = format === 'json' ? '' : headerText(reasons);
    const edited = editText(context.env, head + withoutComments(text), format);
    if (last !== undefined) {
      rmSync(last.file, { force: true });
      if (saysTheSame(last.text, edited.text)) {
        throw keeping(invocation, edited.file, 'Edit cancelled, no valid changes were saved.');
      }
    }
    last = edited;
    const nothing = saysTheSame(original, edited.text)
      ? 'Edit cancelled, no changes made.'
      : hasContent(edited.text)
        ? undefined
        : 'Edit cancelled, saved file was empty.';
    if (nothing !== undefined) {
      rmSync(edited.file, { force: true });
      context.streams.err(`${nothing}\n`);
      return;
    }
    reasons = await save(invocation, client, objects, { ...edited, printer });
    await printer.end();
    if (reasons.length === 0) {
      rmSync(edited.file, { force: true });
      return;
    }
    text = edited.text;
  }
}

function formatOf({ flags }: Invocation): 'yaml' | 'json' {
  const output = flags.string('output');
  if (output === 'json') return 'json';
  if (output === '' || output === 'yaml') return 'yaml';
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,yaml`,
  );
}

/** The failure of an edit whose file is kept; says where. */
function keeping({ context }: Invocation, file: string, message: string): Error {
  context.streams.err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
  return new CommandError(message);
}

/**
 * Sends what was edited, object by object. Resolves to the reasons to open the file again. Throws where that makes no
 * sense; the file is kept and named then.
 */
async function save(
  invocation: Invocation,
  client: Client,
  originals: readonly Chosen[],
  edited: EditedText & { readonly printer: ChangePrinter },
): Promise<readonly EditReason[]> {
  const { streams } = invocation.context;
  const objects = objectsIn(edited.text);
  if (typeof objects === 'string') {
    const [first] = originals;
    return [
      notValid(invocation, first, [`<nil>: Invalid value: "The edited file failed validation": ${objects}`]),
    ];
  }
  const unknown = await syntaxErrors(invocation, client, objects);
  if (unknown.length > 0) return unknown;
  const reasons: EditReason[] = [];
  let failed: 'retryable' | 'gone' | undefined;
  for (const [at, object] of objects.entries()) {
    const one =
      originals.find(({ object: { metadata } }) => metadata.uid === object.metadata.uid) ?? originals[at];
    if (one === undefined)
      throw keeping(invocation, edited.file, 'no original object found for an edited one');
    if (!isSameObject(one.object, object)) {
      throw keeping(invocation, edited.file, 'At least one of apiVersion, kind and name was changed');
    }
    const title = titleOf(one);
    try {
      const { after, did } = await saveOne(invocation, client, one, object);
      await edited.printer.print(after, did);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (hasReason(error, 'Invalid') || hasReason(error, 'BadRequest')) {
        reasons.push(notValid(invocation, one, causeLines(error.status)));
      } else if (hasReason(error, 'NotFound')) {
        failed ??= 'gone';
        streams.err(`error: ${title} could not be found on the server\n`);
      } else {
        failed = 'retryable';
        streams.err(`error: ${title} could not be patched: ${error.message}\n`);
      }
    }
  }
  if (failed === undefined) return reasons;
  throw new PlainError(
    failed === 'retryable'
      ? `You can run \`kdaemon replace -f ${edited.file}\` to try this update again.`
      : `The edits you made on deleted resources have been saved to ${JSON.stringify(edited.file)}`,
  );
}

/** What kubectl calls errors of syntax: kinds that nobody serves, and objects of other namespaces than -n says. */
async function syntaxErrors(
  { context }: Invocation,
  client: Client,
  objects: readonly KubeObject[],
): Promise<readonly EditReason[]> {
  const reasons: EditReason[] = [];
  for (const object of objects) {
    // It has been read as a JSON object with metadata.
    const manifest = object as unknown as ManifestObject;
    const ready = await readyObject(client, context, manifest, 'edited-file');
    if (typeof ready === 'string') {
      reasons.push({ head: `The edited file had a syntax error: ${ready}`, details: [] });
    }
  }
  return reasons;
}

function titleOf({ resource, name }: Chosen): string {
  return `${resource.plural}${resource.group === '' ? '' : `.${resource.group}`} ${JSON.stringify(name)}`;
}

function notValid({ context }: Invocation, one: Chosen | undefined, details: readonly string[]): EditReason {
  const title = one === undefined ? 'the file' : titleOf(one);
  context.streams.err(`error: ${title} is invalid\n`);
  return { head: `${title} was not valid`, details };
}

function isSameObject(a: KubeObject, b: KubeObject): boolean {
  return a.apiVersion === b.apiVersion && a.kind === b.kind && a.metadata.name === b.metadata.name;
}

async function saveOne(
  { flags, context }: Invocation,
  client: Client,
  one: Chosen,
  edited: KubeObject,
): Promise<{ readonly after: KubeObject; readonly did: string }> {
  const before = withoutManagedFields(one.object);
  const after = flags.bool('save-config') ? withLastApplied(edited) : edited;
  const patch = deepEqual(before, after) ? undefined : patchBetween(before, after);
  if (patch === undefined) return { after: one.object, did: 'skipped' };
  if (flags.bool('output-patch')) context.streams.out(`Patch: ${compactJson(patch.patch)}\n`);
  const subresource = flags.string('subresource');
  const outcome = await send(client, context, {
    ...patch,
    ...(subresource === '' ? {} : { subresource }),
    verb: 'patch',
    kind: one.resource,
    key: { namespace: one.namespace, name: one.name },
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(flags),
  });
  return { after: outcome.object, did: 'edited' };
}
