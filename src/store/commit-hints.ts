/** The listeners of one store. */
export interface CommitHints {
  /** Calls `hint` at each `fire`; returns the undo. The same function may be added twice and is then called twice. */
  add(hint: () => void): () => void;
  /** Calls everyone soon, so that a listener's failure cannot make a commit look failed. */
  fire(): void;
}

/** No listeners yet. */
export function commitHints(): CommitHints {
  const hints = new Set<{ readonly call: () => void }>();
  return {
    add(hint) {
      const listener = { call: hint };
      hints.add(listener);
      return () => {
        hints.delete(listener);
      };
    },
    fire() {
      for (const listener of hints) {
        queueMicrotask(() => {
          if (hints.has(listener)) listener.call();
        });
      }
    },
  };
}
