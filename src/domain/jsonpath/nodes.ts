/** One step of an action; an action's steps are taken one after another, each from what the last one found. */
export type Step =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly value: number; readonly isInteger: boolean }
  | { readonly type: 'bool'; readonly value: boolean }
  /** `range`, `end`, or a word that means nothing (refused when it is reached). */
  | { readonly type: 'word'; readonly word: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'every' }
  | { readonly type: 'descend' }
  | { readonly type: 'slice'; readonly slice: Slice }
  | { readonly type: 'filter'; readonly filter: Filter }
  | { readonly type: 'union'; readonly members: readonly Action[] };

/** What stands between two braces, or a piece of text around them. */
export type Action = readonly Step[];

/** `[from:to:by]`; `single` is `[from]`. */
export interface Slice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly by: number | undefined;
  readonly single: boolean;
}

/** `?(left operator right)`; without an operator it asks whether left finds anything. */
export interface Filter {
  readonly left: Action;
  readonly comparison: { readonly operator: string; readonly right: Action } | undefined;
}
