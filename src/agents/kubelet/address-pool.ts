/** Hands out IPv4 addresses of one network, in order, each after the highest that was ever in use. */
export interface AddressPool {
  /** Marks an address as used. Addresses of other networks are ignored. */
  use(address: string | undefined): void;
  next(): string;
  /** The number of the address that comes next: 1 is the first of the network. */
  position(): number;
}

/**
 * A pool of the addresses after `base` (`10.0.0.0`), `size` of them; then it starts over. `position` is where it goes
 * on, as an earlier pool told.
 */
export function createAddressPool(base: string, size: number, position = 1): AddressPool {
  const start = toNumber(base) ?? 0;
  let highest = position - 1;
  const after = (): number => (highest >= size ? 1 : highest + 1);
  return {
    use(address) {
      const offset = (toNumber(address) ?? start) - start;
      if (offset > highest && offset <= size) highest = offset;
    },
    next() {
      highest = after();
      const number = start + highest;
      return `${(number >>> 24) & 255}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
    },
    position: after,
  };
}

function toNumber(address: string | undefined): number | undefined {
  const parts = address?.split('.').map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
