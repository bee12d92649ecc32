import { type FieldErrors, invalid, required } from '../field-error.ts';
import { type Fields, optionalNumber, textOf } from '../json-fields.ts';

/** Refuses `..` between slashes. */
export function forbidBacksteps(target: string, path: string, errors: FieldErrors): void {
  if (target.split('/').includes('..')) errors.push(invalid(path, target, "must not contain '..'"));
}

/** A path inside a volume: relative, without `..`. */
export function validateDescendingPath(target: string, path: string, errors: FieldErrors): void {
  if (target.startsWith('/')) errors.push(invalid(path, target, 'must be a relative path'));
  forbidBacksteps(target, path, errors);
}

/** A file that a volume is filled with: a descending path that does not start with two dots. */
export function validateProjectedPath(target: string, path: string, errors: FieldErrors): void {
  validateDescendingPath(target, path, errors);
  if (target.startsWith('..') && !target.startsWith('../') && target !== '..') {
    errors.push(invalid(path, target, "must not start with '..'"));
  }
}

/** Refuses file modes outside 0–0777. */
export function validateFileMode(value: unknown, path: string, errors: FieldErrors): void {
  const mode = optionalNumber(value);
  if (mode !== undefined && (mode < 0 || mode > 0o777)) {
    errors.push(invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
  }
}

/** Checks a v1.KeyToPath. */
export function validateKeyToPath(item: Fields, path: string, errors: FieldErrors): void {
  if (textOf(item.key) === '') errors.push(required(`${path}.key`));
  const target = textOf(item.path);
  if (target === '') errors.push(required(`${path}.path`));
  validateProjectedPath(target, `${path}.path`, errors);
  validateFileMode(item.mode, `${path}.mode`, errors);
}
