import { statSync } from 'node:fs';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse, QuietExit } from '../errors.ts';
import { jsonText } from '../printers/object-text.ts';
import { byteSize } from './byte-size.ts';
import { objectFindings } from './object-findings.ts';
import { requireStoreFile } from './store-file.ts';

/** `kdaemon store check`. */
export const check: CommandSpec = {
  name: 'check',
  summary: 'Look whether the store is in order',
  description: `Look whether the store is in order: the pages of its file, its history without gaps, its indexes, and each object in it.

 Nothing is changed, and other commands may run meanwhile. Each finding is one line on standard output, and the exit code is then 1.

 With -o json one object is printed: "file", "bytes", "revision", "compacted" (how far history was dropped), "keys" (objects and settings), "writes" (those that history still holds) and "findings".`,
  examples: [
    '# Look at the store',
    'kdaemon store check',
    '',
    '# At a copy',
    'kdaemon store check --store copy.db',
  ],
  usage: 'kdaemon store check [options]',
  flags: [
    { name: 'output', short: 'o', type: 'string', default: "''", usage: 'Output format. One of: (json).' },
  ],
  run: checkCommand,
};

async function checkCommand({ flags, args, context, commandPath }: Invocation): Promise<void> {
  if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
  const output = flags.string('output');
  if (output !== '' && output !== 'json') throw new CommandError(`--output ${output} is not available`);
  const file = requireStoreFile(context);
  const { checkStore } = await import('../../store/check-store.ts');
  const found = checkStore(file);
  // The store is opened for good only when its structure can be trusted.
  const inOrder = found.findings.length === 0;
  const findings = inOrder ? await objectFindings(await context.store()) : found.findings;
  const bytes = statSync(file).size;
  if (output === 'json') {
    const { revision, compacted, keys, writes } = found;
    context.streams.out(jsonText({ file, bytes, revision, compacted, keys, writes, findings }));
  } else if (findings.length === 0) {
    context.streams.out(
      `${file} is in order: revision ${found.revision}, ${found.keys} keys, ${found.writes} writes in its history, ${byteSize(bytes)}\n`,
    );
  } else context.streams.out(findings.map((finding) => `${finding}\n`).join(''));
  if (findings.length > 0) throw new QuietExit(1);
}
