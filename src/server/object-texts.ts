import type { KubeObject } from '../api/meta.ts';

/** Characters of all texts that are kept: some thousand objects. */
const KEPT = 16_000_000;

/** JSON texts of objects, the newest of them kept: lists and watches write the same objects again and again. */
export interface ObjectTexts {
  /** The object's JSON on one line. Objects must not change: one object has one text. */
  of(object: KubeObject): string;
}

/** Texts of objects, up to `limit` characters of them kept. */
export function objectTexts(limit = KEPT): ObjectTexts {
  const texts = new Map<KubeObject, string>();
  let size = 0;

  function keep(object: KubeObject, text: string): void {
    texts.set(object, text);
    size += text.length;
    for (const [oldest, { length }] of texts) {
      if (size <= limit) return;
      texts.delete(oldest);
      size -= length;
    }
  }

  return {
    of(object) {
      const known = texts.get(object);
      if (known !== undefined) return known;
      const text = JSON.stringify(object);
      keep(object, text);
      return text;
    },
  };
}
