import { type Status, StatusError } from '../api/status.ts';
import { StoreError } from '../store/store.ts';
import { CommandError, ManyErrors, PlainError, QuietExit, UsageError } from './errors.ts';

/** What a failure prints on standard error, and the exit code. */
export interface Ending {
  readonly text: string;
  readonly code: number;
}

/**
 * Words a refusal by the API as kubectl does: `The DaemonSet "x" is invalid: …` for invalid objects, otherwise
 * `Error from server (Reason): …`. `doing` is kubectl's context, such as `error when creating "x.yaml"`.
 */
function statusText(status: Status, doing?: string): string {
  const { message = '', reason = '', details } = status;
  if (reason === 'Invalid' && details !== undefined) {
    const { kind = '', name = '' } = details;
    const subject =
      kind === '' && name === ''
        ? 'The request is invalid'
        : `The ${kind} ${JSON.stringify(name)} is invalid`;
    const causes = [...new Set((details.causes ?? []).map((cause) => causeText(cause.field, cause.message)))];
    if (causes.length === 0) return message === '' ? subject : `${subject}: ${message}`;
    return causes.length === 1
      ? `${subject}: ${causes[0]}`
      : `${subject}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
  }
  const text = doing === undefined ? message : `${doing}: ${message}`;
  return reason === '' ? `Error from server: ${text}` : `Error from server (${reason}): ${text}`;
}

const causeText = (field: string | undefined, message: string | undefined): string =>
  field === undefined || field === '' ? (message ?? '') : `${field}: ${message ?? ''}`;

/** An error of the API together with what kubectl was doing: `error when creating "x.yaml"`. */
export class ApiFailure extends Error {
  readonly status: Status;
  readonly doing: string;
  constructor(status: Status, doing: string) {
    super(status.message ?? '');
    this.name = 'ApiFailure';
    this.status = status;
    this.doing = doing;
  }
}

/**
 * Words any failure. `commandPath` is the command as typed (`kdaemon create node`), for the hint behind wrong flags.
 * Unknown errors are bugs: their stack is shown when KDAEMON_DEBUG is set.
 */
export function describeFailure(error: unknown, commandPath: string, debug = false): Ending {
  if (error instanceof QuietExit) return { text: '', code: error.code };
  if (error instanceof UsageError)
    return { text: `error: ${error.message}\nSee '${commandPath} --help' for usage.\n`, code: 1 };
  if (error instanceof PlainError) return { text: `${error.message}\n`, code: error.code };
  if (error instanceof CommandError) return { text: `error: ${error.message}\n`, code: error.code };
  if (error instanceof ManyErrors) {
    return {
      text: error.errors.map((one) => describeFailure(one, commandPath, debug).text).join(''),
      code: 1,
    };
  }
  if (error instanceof ApiFailure) return { text: `${statusText(error.status, error.doing)}\n`, code: 1 };
  if (error instanceof StatusError) return { text: `${statusText(error.status)}\n`, code: 1 };
  if (error instanceof StoreError) return { text: `error: ${error.message}\n`, code: 1 };
  const message =
    error instanceof Error ? ((debug ? error.stack : undefined) ?? error.message) : String(error);
  return { text: `error: ${message}\n`, code: 1 };
}
