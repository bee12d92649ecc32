import type { Alternative } from '../../domain/daemonset/explain/edit-report.ts';
import { plainCell } from '../printers/table-text.ts';
import { type NameLimit, nameList } from './name-list.ts';

/** How an alternative is printed. */
export interface EditLineOptions {
  /** The others begin with `or`. */
  readonly isFirst: boolean;
  /** Whether the commands stand below. */
  readonly commands: boolean;
  /** How many nodes it was meant for. */
  readonly of: number;
  /** How many names of other nodes are listed. */
  readonly limit: NameLimit;
}

/** The lines of one way to get the other answer: its edits, what else they change, and the commands. */
export function alternativeLines(
  { edits, covers, alsoChanges }: Alternative,
  { isFirst, commands, of, limit }: EditLineOptions,
): readonly string[] {
  const partly = covers < of && of > 1 ? ` (for ${covers} of them)` : '';
  const besides = alsoChanges.length === 0 ? '' : `; ${alsoText(alsoChanges, limit)}`;
  return edits
    .flatMap(({ text, command }, index) => {
      const isLast = index === edits.length - 1;
      const joint = index > 0 ? 'and ' : isFirst ? '' : 'or ';
      return [
        `  ${joint}${text}${isLast ? `${partly}${besides}` : ''}`,
        ...(commands && command !== undefined ? [`    kdaemon ${command}`] : []),
      ];
    })
    .map(plainCell);
}

function alsoText(names: readonly string[], limit: NameLimit): string {
  const others = names.length === 1 ? '1 other node' : `${names.length} other nodes`;
  return `this changes ${others} too: ${nameList(names, limit)}`;
}
