/** FNV-1a over 32 bits, fed piece by piece. The hash of nothing is the offset basis. */
const FNV32A_EMPTY = 0x811c9dc5;

/** Continues the hash `state` with `bytes`; the result is an unsigned 32-bit number. */
export function fnv32a(bytes: Uint8Array, state: number = FNV32A_EMPTY): number {
  let hash = state;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
