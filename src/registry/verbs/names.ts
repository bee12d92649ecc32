import type { ObjectMeta } from '../../api/meta.ts';
import type { Random } from '../../runtime/random.ts';

/** Letters and digits of generated names: no vowels and nothing that looks like another (apimachinery rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_LENGTH = 63;

/** How often a create with generateName tries another name before it gives up. */
export const NAME_ATTEMPTS = 8;

/** The base, cut so that the whole stays within 63 characters, and five random ones. */
export function generateName(base: string, random: Random): string {
  let suffix = '';
  for (let index = 0; index < SUFFIX_LENGTH; index++) {
    suffix += ALPHABET.charAt(random.int(ALPHABET.length));
  }
  return base.slice(0, MAX_LENGTH - SUFFIX_LENGTH) + suffix;
}

/** Whether the server has to choose the name. */
export function needsName(metadata: ObjectMeta): boolean {
  return (metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '';
}
