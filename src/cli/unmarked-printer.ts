import type { Invocation } from './command.ts';
import { type ChangePrinter, changePrinter } from './output.ts';

/** The printer of `patch` and `taint`, which do not mark dry runs in kubectl, and of `edit`, which has none. */
export function unmarkedPrinter({ context, flags }: Invocation): ChangePrinter {
  return changePrinter(context.streams, {
    ...flags,
    string: (name) => (name === 'dry-run' ? 'none' : flags.string(name)),
  });
}
