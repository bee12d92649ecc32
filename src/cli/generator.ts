import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import type { CommandSpec, Invocation } from './command.ts';
import type { Context } from './context.ts';
import { createFlags, createObjects } from './create-object.ts';
import { CommandError } from './errors.ts';
import type { Flag } from './flags.ts';

/** A subcommand of `create` that makes one object out of flags. */
interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  /** What follows the command's path and NAME in its usage line. */
  readonly usage: string;
  /** Above its usage line: `kdaemon create secret`, for one. */
  readonly path?: string;
  readonly examples: readonly string[];
  readonly flags: readonly Flag[];
  /** What kubectl says before a refusal: `failed to create job: `. Absent where it shows the refusal as it is. */
  readonly failing?: string;
  /** The object that the flags describe. Throws CommandError. */
  make(invocation: Invocation): KubeObject | Promise<KubeObject>;
}

/** The command for a generator, with the flags that all of them have. */
export function generatorCommand({
  make,
  failing,
  path = 'kdaemon create',
  ...rest
}: Generator): CommandSpec {
  return {
    ...rest,
    usage: `${path} ${rest.name} NAME${rest.usage === '' ? '' : ` ${rest.usage}`} [--dry-run=server|client|none] [options]`,
    flags: [...createFlags, ...rest.flags],
    async run(invocation) {
      const object = await make(invocation);
      try {
        await createObjects(invocation, [object]);
      } catch (error) {
        if (failing === undefined || !(error instanceof StatusError)) throw error;
        throw new CommandError(`${failing}${error.message}`);
      }
    },
  };
}

/** Metadata of a namespaced object. kubectl leaves the namespace out unless it was asked for one. */
export function namespacedMetadata(context: Context, name: string): KubeObject['metadata'] {
  const isDefault = !context.namespaceGiven && context.namespace === 'default';
  return isDefault ? { name } : { name, namespace: context.namespace };
}
