import { readFileSync } from 'node:fs';
import type { Client, PatchType } from '../../api/client.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { scaleOf } from '../../server/scale.ts';
import type { Chosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { attempt, manifestFlags } from '../manifest-objects.ts';
import { goReason } from '../manifests/go-reason.ts';
import { failureOf } from '../manifests.ts';
import {
  fieldManagerFlag,
  isClientSide,
  localFlag,
  objectsToChange,
  sendPatch,
} from '../objects-to-change.ts';
import { dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { parsePatch, patchedHere } from '../patch-text.ts';
import { requireSubresource, subresourceFlag } from '../subresource-flag.ts';
import { unmarkedPrinter } from '../unmarked-printer.ts';

/** `kdaemon patch`. */
export const command: CommandSpec = {
  name: 'patch',
  summary: 'Update fields of a resource',
  description:
    'Update fields of a resource using a strategic merge patch, a JSON merge patch, or a JSON patch.\n\n The patch is JSON or YAML.',
  examples: [
    '# Wait ten seconds before a pod counts as available',
    `kdaemon patch daemonset agent -p '{"spec":{"minReadySeconds":10}}'`,
    '',
    '# Take a field away with a JSON patch',
    `kdaemon patch daemonset agent --type=json -p '[{"op":"remove","path":"/spec/minReadySeconds"}]'`,
    '',
    '# Write a status',
    `kdaemon patch node worker-1 --subresource=status --type=merge -p '{"status":{"phase":"Running"}}'`,
  ],
  usage: 'kdaemon patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    localFlag,
    fieldManagerFlag('kubectl-patch'),
    subresourceFlag('patch'),
    { name: 'patch', short: 'p', type: 'string', default: "''", usage: 'The patch to be applied.' },
    { name: 'patch-file', type: 'string', default: "''", usage: 'A file that contains the patch.' },
    {
      name: 'type',
      type: 'string',
      default: 'strategic',
      usage: 'The type of the patch; one of [json merge strategic].',
    },
  ],
  run: patch,
};

const TYPES: Readonly<Record<string, PatchType>> = { json: 'json', merge: 'merge', strategic: 'strategic' };

async function patch(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  const { patchType, text } = requestOf(invocation);
  const printer = unmarkedPrinter(invocation);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const body = parsePatch(text);
  const subresource = flags.string('subresource');
  const choice = await objectsToChange(invocation, client, failures, { args, selects: false });
  for (const one of choice.objects) {
    await attempt(failures, async () => {
      requireSubresource(one.resource, subresource);
      const before = subresource === 'scale' ? scaleOf(one.object) : one.object;
      const after = isClientSide(invocation)
        ? patchedHere(before, patchType, body)
        : await store(invocation, client, one, { patchType, patch: body });
      const changed = !deepEqual(before, after);
      await printer.print(after, changed ? 'patched' : 'patched (no change)');
    });
  }
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

interface Body {
  readonly patchType: PatchType;
  readonly patch: Json;
}

async function store(
  invocation: Invocation,
  client: Client,
  one: Chosen,
  { patchType, patch: body }: Body,
): Promise<KubeObject> {
  const subresource = invocation.flags.string('subresource');
  if (subresource !== 'scale') {
    return await sendPatch(invocation, client, one, {
      patchType,
      patch: body,
      ...(subresource === '' ? {} : { subresource }),
    });
  }
  const { spec } = patchedHere(scaleOf(one.object), patchType, body) as { readonly spec?: Json };
  const replicas = { spec: spec ?? null };
  return scaleOf(await sendPatch(invocation, client, one, { patchType: 'merge', patch: replicas }));
}

function requestOf({ flags, args }: Invocation): { readonly patchType: PatchType; readonly text: string } {
  const dryRun = dryRunOf(flags);
  const file = flags.string('patch-file');
  if (flags.string('patch') !== '' && file !== '') {
    throw new CommandError('cannot specify --patch and --patch-file together');
  }
  if (flags.string('patch') === '' && file === '') {
    throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
  }
  if (flags.bool('local') && args.length > 0) {
    throw new CommandError('cannot specify --local and server resources');
  }
  if (flags.bool('local') && dryRun === 'server') {
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  }
  const patchType = TYPES[flags.string('type').toLowerCase()];
  if (patchType === undefined) {
    throw new CommandError(
      `--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`,
    );
  }
  return { patchType, text: file === '' ? flags.string('patch') : readPatchFile(file) };
}

function readPatchFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`unable to read patch file: open ${file}: ${goReason(error)}`);
  }
}
