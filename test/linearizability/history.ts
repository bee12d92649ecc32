/** What must be true of a key before a write: its value, whether it is there, or nothing. */
export type Condition =
  | { readonly is: 'absent' }
  | { readonly is: 'present' }
  | { readonly is: 'value'; readonly value: string };

/** What a client asked of one key. Values are texts; null stands for an absent key. */
export type Asked =
  | { readonly do: 'read' }
  /** `to` null deletes. */
  | { readonly do: 'write'; readonly when: Condition; readonly to: string | null };

/** What it was answered. */
export type Answer =
  | { readonly value: string | null }
  /** Whether the condition held, and the write was done. */
  | { readonly done: boolean }
  /** No answer came: a write may have been done, or may still be done, or not. */
  | 'none';

/** One request of one client, as it was seen from outside. */
export interface Operation {
  readonly key: string;
  readonly asked: Asked;
  readonly answer: Answer;
  /** When it was asked, on a clock that all clients share. */
  readonly called: number;
  /** When the answer was there; Infinity when none came. */
  readonly returned: number;
}
