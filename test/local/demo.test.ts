import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { RUN, runCommand } from "./command.ts";
import { DEMO_STEPS, demoLines, timesIn } from "./demo-output.ts";
import { usePlace } from "./place.ts";
import { processesLeftIn } from "./processes.ts";

const place = usePlace();

test("npm run demo -- --skip shows a sign-up step by step and leaves nothing behind", async () => {
  const demo = runCommand("node", [RUN, "demo", "--skip"], { env: { TMPDIR: place.folder } });
  expect(await demo.ended, demo.output).toBe("exit 0");
  const { steps, waiting } = demoLines(demo.output);
  expect(steps).toEqual(DEMO_STEPS);
  expect(waiting).toEqual(["... skipped TIME s of the emulator's clock"]);
  const times = timesIn(demo.output);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await readdir(place.folder)).toEqual([]);
});
