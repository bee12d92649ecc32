import type { ListOptions } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { type FieldTerms, matchesFieldTerms, parseFieldSelector } from '../domain/selectors/fields.ts';
import { type LabelRequirements, matchesRequirements } from '../domain/selectors/labels.ts';
import { parseLabelSelector } from '../domain/selectors/parse-labels.ts';
import { SelectorError } from '../domain/selectors/selector-error.ts';
import { fieldTexts, requireSelectable } from './field-selection.ts';
import type { ServedKind } from './served-kind.ts';
import { badRequest } from './status-errors.ts';

/** The label and field selectors of a list or watch, read for one kind. */
export interface Selection {
  readonly labels: LabelRequirements;
  readonly fields: FieldTerms;
  /** Whether nothing is asked for: every object matches. */
  readonly all: boolean;
  matches(object: KubeObject): boolean;
}

/** Reads selectors. Throws 400 for text that is none, and for fields that the kind cannot be selected by. */
export function readSelection(
  kind: ServedKind,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): Selection {
  const labels = readSelector(() => parseLabelSelector(options.labelSelector ?? ''));
  const fields = readSelector(() => parseFieldSelector(options.fieldSelector ?? ''));
  requireSelectable(kind, fields);
  return {
    labels,
    fields,
    all: labels.length === 0 && fields.length === 0,
    matches: (object) =>
      matchesRequirements(labels, object.metadata.labels) &&
      (fields.length === 0 || matchesFieldTerms(fields, fieldTexts(object, fields))),
  };
}

function readSelector<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}
