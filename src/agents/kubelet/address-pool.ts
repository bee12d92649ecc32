/** Hands out IPv4 addresses of one network, in order, each after the highest that was ever in use. */
export interface AddressPool {
  /** Marks an address as used. Addresses of other networks are ignored. */
  use(address: string | undefined): void;
  next(): string;
}

/** A pool of the addresses after `base` (`10.0.0.0`), `size` of them; then it starts over. */
export function createAddressPool(base: string, size: number): AddressPool {
  const start = toNumber(base) ?? 0;
  let highest = 0;
  return {
    use(address) {
      const offset = (toNumber(address) ?? start) - start;
      if (offset > highest && offset <= size) highest = offset;
    },
    next() {
      highest = highest >= size ? 1 : highest + 1;
      const number = start + highest;
      return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
    },
  };
}

function toNumber(address: string | undefined): number | undefined {
  const parts = address?.split('.').map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
