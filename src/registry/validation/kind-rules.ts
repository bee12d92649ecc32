import type { FieldErrors } from './field-error.ts';
import type { Fields } from './json-fields.ts';
import type { TextRule } from './name-rules.ts';

/** What is checked of one kind beyond the metadata that all kinds share. Each rule appends to `errors`. */
export interface KindRules {
  /** What the kind's names must look like. */
  readonly nameRule: TextRule;
  /** Checks a new object. */
  readonly create?: (object: Fields, errors: FieldErrors) => void;
  /** Checks an update, the new state's own rules included. Absent: the rules of `create` hold for updates too. */
  readonly update?: (next: Fields, previous: Fields, errors: FieldErrors) => void;
  /** Checks a write to the `status` subresource. Absent: metadata only. */
  readonly status?: (next: Fields, previous: Fields, errors: FieldErrors) => void;
}
