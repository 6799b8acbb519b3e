/**
 * Calls `onPassed` after `durationMs` of real time, whatever an emulator's clock says: it ends a
 * wait that would otherwise hang. The answer cancels it.
 */
export function startDeadline(durationMs: number, onPassed: () => void): () => void {
  const timeout = setTimeout(onPassed, durationMs);
  return () => clearTimeout(timeout);
}
