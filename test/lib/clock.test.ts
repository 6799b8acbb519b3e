import { setEnvironmentData } from "node:worker_threads";
import { afterEach, expect, expectTypeOf, test } from "vitest";
import {
  CLOCK_OFFSET_KEY,
  createSharedOffset,
  publishOffset,
  type Clock as EmulatorClock,
} from "../../emulator/index.ts";
import { writeOffset } from "../../emulator/clock/shared-offset.ts";
import { instant, systemClock, type Clock } from "../../lib/clock.ts";

const HOUR_MS = 3_600_000;

afterEach(() => setEnvironmentData(CLOCK_OFFSET_KEY, undefined));

test("the emulator's clock can be used as the program's", () => {
  expectTypeOf<EmulatorClock>().toExtend<Clock>();
});

test("without an emulator the system clock shows real time", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("the system clock follows the emulator's, also while it runs", () => {
  const offset = createSharedOffset(HOUR_MS);
  publishOffset(offset);
  expect(systemClock.now() - Date.now()).toBeCloseTo(HOUR_MS, -4);
  writeOffset(offset, 2 * HOUR_MS);
  expect(systemClock.now() - Date.now()).toBeCloseTo(2 * HOUR_MS, -4);
});

test("a sleep ends by itself, or at once with the signal's reason", async () => {
  await systemClock.sleep(1);
  const reason = new Error("enough");
  const abort = new AbortController();
  const sleeping = systemClock.sleep(HOUR_MS, abort.signal);
  abort.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

test("an instant is the moment it was made from", () => {
  expect(instant(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
});
