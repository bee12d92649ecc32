import type { PropagationPolicy, ResourceInfo } from '../api/client.ts';
import { CommandError } from './errors.ts';
import type { FlagValues } from './flags.ts';

const POLICIES: Readonly<Record<string, PropagationPolicy>> = {
  background: 'Background',
  true: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  false: 'Orphan',
};

/** What `--cascade` asks for. Throws CommandError for a word that it does not know. */
export function cascadeOf(flags: FlagValues): PropagationPolicy {
  const cascade = flags.string('cascade');
  const policy = POLICIES[cascade];
  if (policy === undefined) {
    throw new CommandError(
      `invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`,
    );
  }
  return policy;
}

/** kubectl's words about an object that was deleted: `daemonset.apps "x" deleted from default namespace`. */
export function deletedText(
  {
    resource,
    namespace,
    name,
  }: { readonly resource: ResourceInfo; readonly namespace: string; readonly name: string },
  did: 'deleted' | 'force deleted' = 'deleted',
): string {
  const type = resource.group === '' ? resource.singular : `${resource.singular}.${resource.group}`;
  const from = namespace === '' ? '' : ` from ${namespace} namespace`;
  return `${type} ${JSON.stringify(name)} ${did}${from}`;
}
