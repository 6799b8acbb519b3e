/** Milliseconds that `run` takes. */
export async function durationMsOf(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}
