import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { RUN, runCommand } from "../command.ts";
import { DEMO_STEPS, demoLines, timesIn } from "../demo-output.ts";
import { usePlace } from "../place.ts";
import { processesLeftIn } from "../processes.ts";

const place = usePlace();

test("npm run demo counts the seconds of the delay down and leaves nothing behind", async () => {
  const demo = runCommand("node", [RUN, "demo"], { env: { TMPDIR: place.folder } });
  expect(await demo.ended, demo.output).toBe("exit 0");
  const { steps, waiting } = demoLines(demo.output);
  expect(steps).toEqual(DEMO_STEPS);
  const secondsLeft = waiting.map((line) => Number(/^\.\.\. (\d+) s until/.exec(line)?.[1]));
  expect(secondsLeft.at(-1)).toBe(1);
  expect(secondsLeft).toEqual(secondsLeft.toSorted((a, b) => b - a));

  const times = timesIn(demo.output);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // Sent, committed, answered, received.
  expect(times[4]! - times[1]!).toBeGreaterThanOrEqual(10);
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await readdir(place.folder)).toEqual([]);
});
