/** What a template is made of, in the order of its text. */
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipe: Pipe }
  | ControlNode
  | CallNode
  | { readonly type: 'break' | 'continue' };

/** A part that is written once, several times, or replaced by its `else`. */
export interface ControlNode {
  readonly type: 'if' | 'with' | 'range';
  readonly pipe: Pipe;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** `{{template "name" pipe}}`. */
export interface CallNode {
  readonly type: 'template';
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipe | undefined;
}

/** Commands joined by `|`, and the variables that take the last one's value. */
export interface Pipe {
  readonly at: number;
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
  /** As it was written. */
  readonly source: string;
}

/** A value or function and its arguments. */
export interface Command {
  readonly at: number;
  /** As it was written. */
  readonly source: string;
  readonly operands: readonly Operand[];
}

/** One operand; `at` is its index in the template, which errors name, and `source` its text. */
export type Operand = { readonly at: number; readonly source: string } & (
  | { readonly type: 'dot' | 'nil' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'field'; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipe'; readonly pipe: Pipe; readonly path: readonly string[] }
);
