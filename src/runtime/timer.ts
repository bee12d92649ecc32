/** Resolves when whatever else waits for this process (requests, signals) has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
