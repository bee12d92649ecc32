/**
 * Stops this thread for so many milliseconds. For the few waits on another process for which SQLite has no busy
 * handler; everything else that waits belongs to the runtime.
 */
export function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
