import { expect, test } from "vitest";
import { temporaryFolder } from "../../folders.ts";
import { readCounts, startBusyOffline } from "../interrupted.ts";

for (const { command, signal } of [
  { command: ["offline", "start"], signal: "SIGINT" },
  { command: ["offline", "start"], signal: "SIGTERM" },
  { command: ["offline"], signal: "SIGTERM" },
] as const) {
  test(`\`serverless ${command.join(" ")}\` finishes what is in flight on ${signal}`, async () => {
    const dataDirectory = await temporaryFolder();
    const busy = await startBusyOffline(command, dataDirectory);
    busy.offline.signal(signal);
    await busy.offline.wrote(new RegExp(`Got ${signal}`));
    busy.release();
    expect(await busy.answer).toBe("200 waited");
    expect((await busy.offline.ended).exitCode).toBe(0);
    expect(await readCounts(dataDirectory)).toEqual({
      letters: { ready: 0, inFlight: 0 },
      "letters-dev-Answers": { ready: 1, inFlight: 0 },
    });
  });
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
