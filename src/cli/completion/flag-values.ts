import type { KindRef } from '../../api/meta.ts';
import type { Context } from '../context.ts';
import type { Flag } from '../flags.ts';
import { GET_FORMATS } from '../printers/output-format.ts';

const NAMESPACE: KindRef = { group: '', version: 'v1', kind: 'Namespace' };

const WORDS: Readonly<Record<string, readonly string[]>> = {
  cascade: ['background', 'foreground', 'orphan'],
  'dry-run': ['none', 'server', 'client'],
  validate: ['strict', 'warn', 'ignore'],
};

/** What a flag may be given; undefined where it is the name of a file, or not known. */
export async function flagValueCandidates(
  flag: Flag,
  context: () => Context,
): Promise<readonly string[] | undefined> {
  if (flag.name === 'namespace') return namespaces(context());
  if (flag.name === 'output') return formatsIn(flag.usage);
  return WORDS[flag.name];
}

async function namespaces(context: Context): Promise<readonly string[]> {
  try {
    const { items } = await (await context.client()).list(NAMESPACE);
    return items.map(({ metadata }) => metadata.name ?? '');
  } finally {
    await context.close();
  }
}

/** Each command's own help lists its formats: `One of: (json, yaml)`. */
function formatsIn(usage: string): readonly string[] {
  const [, listed] = /\(([^)]*)\)/.exec(usage) ?? [];
  return listed === undefined ? GET_FORMATS : listed.split(', ');
}
