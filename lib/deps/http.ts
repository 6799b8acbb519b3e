import { systemClock } from "../clock.ts";
import type { HttpDeps } from "../http.ts";
import { createLog } from "../log.ts";

export function httpDeps(): HttpDeps {
  return { clock: systemClock, log: createLog() };
}
