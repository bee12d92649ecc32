import type { FieldValidation } from '../api/client.ts';
import { CommandError } from './errors.ts';
import type { Flag, FlagValues } from './flags.ts';

/** `--validate=strict|warn|ignore`. */
export const validateFlag: Flag = {
  name: 'validate',
  type: 'string',
  default: 'strict',
  bare: 'strict',
  usage:
    'Must be one of: strict (or true), warn, ignore (or false). "strict" fails the request if a field is unknown or set twice, "warn" says so and goes on, "ignore" drops such fields in silence.',
};

/** Reads --validate. Throws CommandError in kubectl's words. */
export function fieldValidationOf(flags: FlagValues): FieldValidation {
  const value = flags.string(validateFlag.name);
  switch (value.toLowerCase()) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new CommandError(
        `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}
