/**
 * Why a patch was refused, in the words of a Status: `BadRequest` for a patch that is not one, `Invalid` for one
 * that does not apply to this object, `InternalError` where upstream answers 500 for a patch that it cannot merge,
 * `Conflict` and `PreconditionFailed` for three-way patches that may not be made.
 */
export type PatchErrorReason = 'BadRequest' | 'Invalid' | 'InternalError' | 'Conflict' | 'PreconditionFailed';

/** A patch that cannot be applied or made. The message is upstream's where it has one. */
export class PatchError extends Error {
  readonly reason: PatchErrorReason;
  constructor(reason: PatchErrorReason, message: string) {
    super(message);
    this.name = 'PatchError';
    this.reason = reason;
  }
}
