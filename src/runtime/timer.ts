/** Does `work` once, `ms` milliseconds from now, and does not keep the process alive for it. Returns the undo. */
export function later(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, Math.max(0, ms));
  timer.unref();
  return () => clearTimeout(timer);
}

/** Resolves when whatever else waits for this process (requests, signals) has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
