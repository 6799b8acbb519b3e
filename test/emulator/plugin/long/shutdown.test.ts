import { expect, test } from "vitest";
import { temporaryFolder } from "../../../support/folders.ts";
import { expectGracefulEnd, readCounts, startBusyOffline } from "../interrupted.ts";

for (const { command, signal } of [
  { command: ["offline", "start"], signal: "SIGINT" },
  { command: ["offline", "start"], signal: "SIGTERM" },
  { command: ["offline"], signal: "SIGTERM" },
] as const) {
  test(`\`serverless ${command.join(" ")}\` finishes what is in flight on ${signal}`, () =>
    expectGracefulEnd(command, signal));
}

test("a process that is killed answers nobody, and its message is still in flight", async () => {
  const dataDirectory = await temporaryFolder();
  const busy = await startBusyOffline(["offline"], dataDirectory);
  busy.offline.signal("SIGKILL");
  expect(await busy.answer).toBe("no answer");
  await busy.offline.ended;
  expect(await readCounts(dataDirectory)).toEqual({
    letters: { ready: 0, inFlight: 1 },
    "letters-dev-Answers": { ready: 0, inFlight: 0 },
  });
});
