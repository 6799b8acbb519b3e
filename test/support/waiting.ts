import { vi } from "vitest";

/** Settles when `holds` does; rejects, naming `what`, when it does not in ten seconds. */
export async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  await vi
    .waitUntil(holds, { interval: 5, timeout: 10_000 })
    .catch((cause: unknown) => Promise.reject(new Error(`Waited in vain for ${what}.`, { cause })));
}
