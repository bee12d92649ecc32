/** A regular expression that Go refuses, in the words of its package `regexp/syntax`. */
export class GoRegexpError extends Error {
  /** `problem` is what is wrong, `part` the text that it is wrong with. */
  constructor(problem: string, part: string) {
    super(`error parsing regexp: ${problem}: \`${part}\``);
    this.name = 'GoRegexpError';
  }
}
