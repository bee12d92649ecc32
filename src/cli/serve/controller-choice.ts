import type { Controller } from '../../runtime/controller.ts';
import { CommandError } from '../errors.ts';

/** A controller's name as `--controllers` takes it: `daemonset` for `daemonset-controller`. */
export const shortName = ({ name }: Controller): string => name.replace(/-controller$/, '');

/**
 * Chooses controllers as kube-controller-manager's flag does: `*` is all, `-x` is all but x, `x` is x. Where nothing
 * but `-x` is said, all the others run (there: none). Throws for names that are none.
 */
export function chosenControllers(
  all: readonly Controller[],
  choice: readonly string[],
): readonly Controller[] {
  const names = all.map(shortName);
  for (const word of choice) {
    const name = word.replace(/^-/, '');
    if (name === '*' || names.includes(name)) continue;
    throw new CommandError(`${JSON.stringify(name)} is not in the list of controllers: ${names.join(', ')}`);
  }
  const takesOthers =
    choice.includes('*') || (choice.length > 0 && choice.every((word) => word.startsWith('-')));
  return all.filter((controller) => {
    const name = shortName(controller);
    if (choice.includes(`-${name}`)) return false;
    return choice.includes(name) || takesOthers;
  });
}
