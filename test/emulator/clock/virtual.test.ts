import { expect, test } from "vitest";
import { VirtualClock } from "../../../emulator/clock/virtual.ts";

const START_MS = 1_000_000;

function createClock(): { clock: VirtualClock; log: string[]; note: (what: string) => void } {
  const clock = new VirtualClock(START_MS);
  const log: string[] = [];
  return { clock, log, note: (what) => log.push(`${clock.now() - START_MS} ${what}`) };
}

test("time stands still while a test awaits", async () => {
  const { clock } = createClock();
  await new Promise((resolve) => setImmediate(resolve));
  expect(clock.now()).toBe(START_MS);
});

test("a timer fires at its moment, not one millisecond earlier", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10_000, () => note("due"));
  await clock.advance(9_999);
  expect(log).toEqual([]);
  await clock.advance(1);
  expect(log).toEqual(["10000 due"]);
  await clock.advance(1);
  expect(log).toHaveLength(1);
});

test("timers fire in the order of their moments, and of their making at the same moment", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 20, () => note("c"));
  clock.at(START_MS + 10, () => note("a"));
  clock.at(START_MS + 10, () => note("b"));
  await clock.advance(100);
  expect(log).toEqual(["10 a", "10 b", "20 c"]);
  expect(clock.now()).toBe(START_MS + 100);
});

test("a timer for a moment that has passed fires at the next move", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS - 5, () => note("late"));
  expect(log).toEqual([]);
  await clock.advance(0);
  expect(log).toEqual(["0 late"]);
});

test("a timer that was cancelled does not fire, and cancelling twice is harmless", async () => {
  const { clock, log, note } = createClock();
  const timer = clock.at(START_MS + 10, () => note("cancelled"));
  clock.at(START_MS + 10, () => note("kept"));
  timer.cancel();
  timer.cancel();
  await clock.advance(20);
  expect(log).toEqual(["10 kept"]);
});

test("a timer that a due timer sets on the way fires in the same move", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10, () => {
    note("first");
    clock.at(clock.now() + 10, () => note("second"));
  });
  await clock.advance(20);
  expect(log).toEqual(["10 first", "20 second"]);
});

test("time does not move while a busy token is held", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10, () => note("due"));
  const release = clock.busy();
  const advanced = clock.advance(10).then(() => note("advanced"));
  await turns();
  expect(log).toEqual([]);
  release();
  release();
  await advanced;
  expect(log).toEqual(["10 due", "10 advanced"]);
});

test("the work that a moment woke is done before the next moment comes", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10, () => {
    const release = clock.busy();
    void turns().then(() => {
      note("work done");
      release();
    });
  });
  clock.at(START_MS + 20, () => note("next moment"));
  await clock.advance(20);
  expect(log).toEqual(["10 work done", "20 next moment"]);
});

test("without a token the next moment comes before the work is done", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10, () => void turns().then(() => note("work done")));
  clock.at(START_MS + 20, () => note("next moment"));
  await clock.advance(20);
  expect(log).toEqual(["20 next moment"]);
  await turns();
});

test("a sleep lends the token of its run, or time could never reach its end", async () => {
  const { clock, log, note } = createClock();
  const running = clock.run(async () => {
    await clock.sleep(10_000);
    note("slept");
    await turns();
    note("worked");
  });
  clock.at(START_MS + 10_001, () => note("later"));
  await clock.runUntilIdle();
  await running;
  expect(log).toEqual(["10000 slept", "10000 worked", "10001 later"]);
});

test("a sleep in a run inside a run lends both tokens", async () => {
  const { clock, log, note } = createClock();
  const running = clock.run(async () => {
    await clock.run(() => clock.sleep(10));
    await turns();
    note("outer");
  });
  clock.at(START_MS + 11, () => note("later"));
  await clock.runUntilIdle();
  await running;
  expect(log).toEqual(["10 outer", "11 later"]);
});

test("branches that sleep side by side, each in its own run, all come to their end", async () => {
  const { clock, log, note } = createClock();
  const branch = (durationMs: number) =>
    clock.run(async () => {
      await clock.sleep(durationMs);
      note(`branch ${durationMs}`);
    });
  const running = clock.run(async () => {
    await Promise.all([branch(10), branch(30), branch(20)]);
    note("all");
  });
  await clock.runUntilIdle();
  await running;
  expect(log).toEqual(["10 branch 10", "20 branch 20", "30 branch 30", "30 all"]);
});

test("a sleep that outlives its run leaves no token behind", async () => {
  const { clock } = createClock();
  await clock.run(async () => void clock.sleep(10));
  await clock.runUntilIdle();
  expect(clock.now()).toBe(START_MS + 10);
  await clock.advance(5);
  expect(clock.now()).toBe(START_MS + 15);
});

test("a run that fails gives its token back and passes the error on", async () => {
  const { clock } = createClock();
  const failing = clock.run(() => Promise.reject(new Error("broken")));
  await expect(failing).rejects.toThrow("broken");
  await clock.advance(1);
  expect(clock.now()).toBe(START_MS + 1);
});

test("a sleep that is aborted rejects with the reason, takes its token again and is forgotten", async () => {
  const { clock } = createClock();
  const abort = new AbortController();
  const reason = new Error("enough");
  const running = clock.run(() => clock.sleep(10_000, abort.signal));
  const rejected = expect(running).rejects.toBe(reason);
  abort.abort(reason);
  await rejected;
  await clock.runUntilIdle();
  expect(clock.now()).toBe(START_MS);
});

test("a sleep with a signal that is aborted already rejects at once", async () => {
  const { clock } = createClock();
  const reason = new Error("too late");
  await expect(clock.sleep(1, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test("runUntilIdle goes from work to work and stops at the last", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 10, () => {
    note("first");
    clock.at(clock.now() + 1_000, () => note("woken"));
  });
  await clock.runUntilIdle();
  expect(log).toEqual(["10 first", "1010 woken"]);
  expect(clock.now()).toBe(START_MS + 1_010);
});

test("a background timer causes no jump", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 20_000, () => note("long poll over"), "background");
  await clock.runUntilIdle();
  expect(log).toEqual([]);
  expect(clock.now()).toBe(START_MS);
});

test("a work timer at the same moment causes one", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 20_000, () => note("visible again"), "work");
  await clock.runUntilIdle();
  expect(log).toEqual(["20000 visible again"]);
});

test("a background timer fires when work takes time past it", async () => {
  const { clock, log, note } = createClock();
  clock.at(START_MS + 20, () => note("background"), "background");
  clock.at(START_MS + 30, () => note("work"));
  clock.at(START_MS + 31, () => note("never"), "background");
  await clock.runUntilIdle();
  expect(log).toEqual(["20 background", "30 work"]);
});

test("a background timer that renews itself for ever does not keep the clock running", async () => {
  const { clock, log, note } = createClock();
  const poll = () => {
    note("poll");
    clock.at(clock.now() + 20_000, poll, "background");
  };
  clock.at(START_MS + 20_000, poll, "background");
  clock.at(START_MS + 50_000, () => note("work"));
  await clock.runUntilIdle();
  expect(log).toEqual(["20000 poll", "40000 poll", "50000 work"]);
});

/** A few turns of the event loop, as real work takes. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
