import type { Condition, KubeObject } from '../../api/meta.ts';
import { at } from '../strategies/generic.ts';
import { type DefinedNames, isTrue, namesOf } from './definition.ts';

/** What became of a definition's names. */
export interface NameDecision {
  readonly accepted: DefinedNames;
  /** NamesAccepted and Established. */
  readonly conditions: readonly Condition[];
}

/**
 * Whether a definition may have the names that it asks for, given the others of its group: plural, singular and short
 * names share one space, kind and list kind another. Names that were taken keep out those that ask later.
 */
export function acceptNames(definition: KubeObject, others: readonly KubeObject[]): NameDecision {
  const wanted = namesOf(definition);
  const taken = others.map(acceptedNames);
  const resources = new Set(taken.flatMap((names) => [names.plural, names.singular, ...names.shortNames]));
  const kinds = new Set(taken.flatMap((names) => [names.kind, names.listKind]));
  const conflict = firstConflict(wanted, resources, kinds);
  if (conflict === undefined) {
    return {
      accepted: wanted,
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
    };
  }
  const refused: Condition = { type: 'NamesAccepted', status: 'False', ...conflict };
  const established: Condition = {
    type: 'Established',
    status: 'False',
    reason: 'NotAccepted',
    message: 'not all names are accepted',
  };
  // A definition that serves already goes on serving under the names that it has.
  const wasEstablished = isTrue(definition, 'Established');
  return {
    accepted: acceptedNames(definition),
    conditions: wasEstablished ? [refused] : [refused, established],
  };
}

function firstConflict(
  wanted: DefinedNames,
  resources: ReadonlySet<string>,
  kinds: ReadonlySet<string>,
): { readonly reason: string; readonly message: string } | undefined {
  const shortNames = wanted.shortNames.filter((name) => resources.has(name));
  const checks = [
    { reason: 'PluralConflict', names: resources.has(wanted.plural) ? [wanted.plural] : [] },
    { reason: 'SingularConflict', names: resources.has(wanted.singular) ? [wanted.singular] : [] },
    { reason: 'ShortNamesConflict', names: shortNames },
    { reason: 'KindConflict', names: kinds.has(wanted.kind) ? [wanted.kind] : [] },
    { reason: 'ListKindConflict', names: kinds.has(wanted.listKind) ? [wanted.listKind] : [] },
  ];
  const found = checks.find(({ names }) => names.length > 0);
  if (found === undefined) return undefined;
  const message = found.names.map((name) => `${JSON.stringify(name)} is already in use`).join(', ');
  return { reason: found.reason, message };
}

/** status.acceptedNames, which may be empty. */
function acceptedNames(definition: KubeObject): DefinedNames {
  const names = at(definition, 'status', 'acceptedNames');
  const text = (field: string): string => {
    const value = at(names, field);
    return typeof value === 'string' ? value : '';
  };
  const list = (field: string): readonly string[] => {
    const value = at(names, field);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  };
  return {
    plural: text('plural'),
    singular: text('singular'),
    kind: text('kind'),
    listKind: text('listKind'),
    shortNames: list('shortNames'),
    categories: list('categories'),
  };
}
