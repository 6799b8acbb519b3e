import { nowMs } from "./waiting.ts";

/** npm passes a Ctrl-C on that the terminal has already sent: both come at nearly the same time. */
const SAME_KEYSTROKE_MS = 500;

/**
 * Aborts the signal that it answers on the first Ctrl-C (or SIGTERM, or a closed terminal or pipe).
 * On a further one it calls `onImpatience`: what is in flight is not given up.
 */
export function interruption(onImpatience: () => void): AbortSignal {
  const interrupted = new AbortController();
  // A closed terminal must not end the process before everything is stopped.
  process.stderr.on("error", () => {});
  // As with `npm start | head`: nobody reads any more what this would go on to say.
  process.stdout.on("error", () => interrupted.abort(new Error("Standard output was closed.")));
  let firstAtMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (firstAtMs === undefined) {
        firstAtMs = nowMs();
        interrupted.abort(new Error(`Got ${signal}.`));
      } else if (nowMs() - firstAtMs > SAME_KEYSTROKE_MS) onImpatience();
    });
  }
  return interrupted.signal;
}
