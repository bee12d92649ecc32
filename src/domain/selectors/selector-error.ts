/** A selector's string form that cannot be read. `message` is apimachinery's text. */
export class SelectorError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SelectorError';
  }
}
