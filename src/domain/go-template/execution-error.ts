import { TemplateError } from './template-error.ts';

/** A template that failed half-way: `printed` is what it had written by then. */
export class ExecutionError extends TemplateError {
  readonly printed: string;
  constructor(message: string, printed: string) {
    super(message);
    this.printed = printed;
  }
}
