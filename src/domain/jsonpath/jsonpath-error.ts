/** A template that cannot be read or answered, in the words of kubectl's library. */
export class JsonPathError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonPathError';
  }
}
