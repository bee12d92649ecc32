import type { CharacterSet } from './character-set.ts';

/** Places between characters that an expression can ask for. */
export type Place = 'beginText' | 'endText' | 'beginLine' | 'endLine' | 'word' | 'noWord';

/** A parsed regular expression. Groups are gone: nothing here asks what a group held. */
export type RegexpNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'character'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'concat'; readonly items: readonly RegexpNode[] }
  | { readonly kind: 'either'; readonly branches: readonly RegexpNode[] }
  /** `max` is Infinity for no bound. */
  | { readonly kind: 'repeat'; readonly item: RegexpNode; readonly min: number; readonly max: number };
