import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { Clock } from "../../../emulator/clock/clock.ts";
import {
  CLOCK_OFFSET_KEY,
  createSharedOffset,
  publishedOffset,
  publishOffset,
  readOffset,
} from "../../../emulator/clock/shared-offset.ts";
import { SkippableClock } from "../../../emulator/clock/skippable.ts";
import { createSystemClock } from "../../../emulator/clock/system.ts";

const TEN_SECONDS_MS = 10_000;
const LONGEST_REAL_TIMER_MS = 2 ** 31;

let offset = createSharedOffset();
let clock = new SkippableClock(offset);

afterEach(() => {
  clock.stop();
  offset = createSharedOffset();
  clock = new SkippableClock(offset);
});

test("it tells real time until somebody skips", () => {
  const before = Date.now();
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(clock.now()).toBeLessThanOrEqual(Date.now());
  expect(clock.offsetMs).toBe(0);
});

test("a skip moves the time by its length, and the shared offset with it", async () => {
  const before = clock.now();
  await clock.skip(TEN_SECONDS_MS);
  expect(clock.now()).toBeGreaterThanOrEqual(before + TEN_SECONDS_MS);
  expect(clock.offsetMs).toBeGreaterThan(TEN_SECONDS_MS - 1_000);
  expect(clock.offsetMs).toBeLessThanOrEqual(TEN_SECONDS_MS);
  expect(readOffset(offset)).toBe(clock.offsetMs);
});

test("a timer fires in real time without a skip, and never early", async () => {
  for (let round = 0; round < 10; round += 1) {
    const dueAtMs = clock.now() + 5;
    const firedAtMs = await new Promise<number>((resolve) =>
      clock.at(dueAtMs, () => resolve(clock.now())),
    );
    expect(firedAtMs).toBeGreaterThanOrEqual(dueAtMs);
  }
});

test("a timer beyond Node's longest waits for its moment", async () => {
  let isDue = false;
  clock.at(clock.now() + LONGEST_REAL_TIMER_MS + TEN_SECONDS_MS, () => (isDue = true));
  await new Promise<void>((resolve) => clock.at(clock.now() + 5, resolve));
  expect(isDue).toBe(false);
  await clock.skip(LONGEST_REAL_TIMER_MS);
  expect(isDue).toBe(false);
  await clock.skip(TEN_SECONDS_MS);
  expect(isDue).toBe(true);
});

test("a skip stops at each due moment until the work that it woke is done", async () => {
  const startMs = clock.now();
  const seen: string[] = [];
  const retryEvery30Seconds = (round: number) => {
    clock.at(startMs + round * 30_000, () => {
      void clock.run(async () => {
        await turns();
        seen.push(`${Math.round((clock.now() - startMs) / 1000)} s`);
        if (round < 5) retryEvery30Seconds(round + 1);
      });
    });
  };
  retryEvery30Seconds(1);
  await clock.skip(150_000);
  expect(seen).toEqual(["30 s", "60 s", "90 s", "120 s", "150 s"]);
});

test("what is due one moment after the skip's end does not fire", async () => {
  let isDue = false;
  clock.at(clock.now() + 2 * TEN_SECONDS_MS, () => (isDue = true));
  await clock.skip(TEN_SECONDS_MS);
  expect(isDue).toBe(false);
});

test("a skip waits for work that was in flight before it", async () => {
  const seen: string[] = [];
  const release = clock.busy();
  const skipped = clock.skip(TEN_SECONDS_MS).then(() => seen.push("skipped"));
  await turns();
  seen.push(`offset ${clock.offsetMs}`);
  release();
  await skipped;
  expect(seen).toEqual(["offset 0", "skipped"]);
});

test("two skips at once run one after the other and add up", async () => {
  const before = clock.now();
  await Promise.all([clock.skip(TEN_SECONDS_MS), clock.skip(TEN_SECONDS_MS)]);
  expect(clock.now()).toBeGreaterThanOrEqual(before + 2 * TEN_SECONDS_MS);
});

test("a skip of a sleeper's length wakes it", async () => {
  const before = clock.now();
  const slept = clock.run(() => clock.sleep(TEN_SECONDS_MS));
  await clock.skip(TEN_SECONDS_MS);
  await slept;
  expect(clock.now()).toBeGreaterThanOrEqual(before + TEN_SECONDS_MS);
});

test("a worker thread sees a skip at once", async () => {
  publishOffset(offset);
  const worker = new Worker(
    `const { parentPort, getEnvironmentData, workerData } = require("node:worker_threads");
     const offset = new Float64Array(getEnvironmentData(workerData));
     parentPort.on("message", () => parentPort.postMessage(offset[0]));`,
    { eval: true, workerData: CLOCK_OFFSET_KEY },
  );
  try {
    const ask = async () => {
      worker.postMessage("offset?");
      return ((await once(worker, "message")) as [number])[0];
    };
    expect(await ask()).toBe(0);
    await clock.skip(TEN_SECONDS_MS);
    expect(await ask()).toBe(clock.offsetMs);
  } finally {
    await worker.terminate();
  }
});

test("the published offset is found in this thread, too", () => {
  publishOffset(offset);
  expect(publishedOffset()).toBe(offset);
});

test("the system clock is real time that offers nobody a skip", async () => {
  const system: Clock & { stop(): void } = createSystemClock();
  try {
    expect("skip" in system).toBe(false);
    expect(system).not.toBeInstanceOf(SkippableClock);
    const before = Date.now();
    await system.run(() => system.sleep(5));
    expect(system.now()).toBeGreaterThanOrEqual(before + 5);
    const cancelled = system.at(system.now(), () => expect.unreachable());
    cancelled.cancel();
    await new Promise<void>((resolve) => system.at(system.now() + 5, resolve, "background"));
  } finally {
    system.stop();
  }
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
