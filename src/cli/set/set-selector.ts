import { parsePairs } from '../../domain/metadata-pairs.ts';
import type { CommandSpec } from '../command.ts';
import { CommandError } from '../errors.ts';
import { changeObjects, objectsToSet, setFlags } from './pod-template-change.ts';

/** `kdaemon set selector`. */
export const setSelector: CommandSpec = {
  name: 'selector',
  summary: 'Set the selector on a resource',
  description:
    'Set the selector on a resource.\n\n The new selector takes the place of the old one. Only Services have selectors that may change.',
  examples: [
    '# Send the traffic of a Service to other pods',
    'kdaemon set selector service agent app=agent,track=stable',
  ],
  usage: 'kdaemon set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [options]',
  flags: setFlags,
  async run(invocation) {
    const expressions = invocation.args.at(-1);
    if (expressions === undefined) throw new CommandError('one selector is required');
    const { objects } = await objectsToSet(invocation, invocation.args.slice(0, -1));
    await changeObjects(
      invocation,
      objects,
      { did: 'selector updated', failed: '', printsUnchanged: true },
      ({ object }) => {
        if (object.kind !== 'Service') {
          throw new CommandError('setting a selector is only supported for Services');
        }
        const selector = labelsOf(expressions);
        const { spec } = object as { readonly spec?: object };
        return { ...object, ...{ spec: { ...spec, selector } } };
      },
    );
  },
};

/** The labels of a selector that has nothing but `key=value`: a Service takes no others. */
function labelsOf(expressions: string): Readonly<Record<string, string>> {
  const terms = expressions.split(',').map((term) => term.trim().replace('==', '='));
  if (terms.some((term) => !/^[^=!\s]+=/.test(term))) {
    throw new CommandError(`the selector ${JSON.stringify(expressions)} must consist of key=value pairs`);
  }
  const pairs = parsePairs(terms, 'labels');
  if (typeof pairs === 'string') throw new CommandError(pairs);
  return pairs.set;
}
