import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { RUN, runCommand } from "../command.ts";
import { timesIn, withoutChance } from "../demo-output.ts";
import { usePlace } from "../place.ts";
import { processesLeftIn } from "../processes.ts";

const place = usePlace();

test("npm run demo counts the seconds of the delay down and leaves nothing behind", async () => {
  const demo = runCommand("node", [RUN, "demo"], { env: { TMPDIR: place.folder } });
  expect(await demo.ended, demo.output).toBe("exit 0");
  const lines = demo.output.split("\n").map(withoutChance);
  expect(lines.filter((line) => !line.startsWith("... "))).toEqual([
    "Starting Postgres, a mail catcher, and the application with its queues ...",
    "Ready after TIME s.",
    "",
    "TIME s  POST /users signs USER up",
    "TIME s  message sent with DelaySeconds=10, before COMMIT",
    "TIME s  user committed",
    "TIME s  201 Created in N ms",
    "TIME s  message received, receive count 1",
    'TIME s  mail captured: "Verify your email address"',
    "http://127.0.0.1:PORT/verify-email?id=ID&code=CODE",
    "TIME s  GET  /verify-email shows the page: 200",
    "TIME s  POST /verify-email presses its button: 200",
    "TIME s  USER is verified",
    "",
    "Everything that was started is stopped again.",
  ]);
  const countdown = lines.filter((line) => line.startsWith("... "));
  const secondsLeft = countdown.map((line) => Number(/^\.\.\. (\d+) s until/.exec(line)?.[1]));
  expect(secondsLeft.at(-1)).toBe(1);
  expect(secondsLeft).toEqual(secondsLeft.toSorted((a, b) => b - a));

  const times = timesIn(demo.output);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // Sent, committed, answered, received.
  expect(times[4]! - times[1]!).toBeGreaterThanOrEqual(10);
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await readdir(place.folder)).toEqual([]);
});
