import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { InvocationResult } from "../../../emulator/lambda/invocation.ts";
import { message, startPoller, succeeds, VISIBILITY_TIMEOUT_SECONDS } from "./given.ts";

const VISIBILITY_TIMEOUT_MS = VISIBILITY_TIMEOUT_SECONDS * 1000;

/** An invocation that a test ends when it likes. */
function held() {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  return { invoke: () => promise, end: () => resolve(succeeds()) };
}

describe("concurrency", () => {
  test.each([
    [undefined, 5],
    [2, 2],
    [7, 7],
  ])("with maximumConcurrency %s, %i batches are in flight at once", async (maximum, expected) => {
    const invocation = held();
    const { clock, queue, invocations, poller } = startPoller({
      mapping: { batchSize: 1, maximumConcurrency: maximum },
      invoke: invocation.invoke,
    });
    for (let at = 0; at < expected + 1; at += 1) queue.hand(message(String(at)));
    await nextTurn();
    expect(invocations).toHaveLength(expected);
    expect(queue.waiting).toBe(0);

    invocation.end();
    await clock.settled();
    expect(invocations).toHaveLength(expected + 1);
    await poller.stop();
  });

  test("one receive waits while others are handled", async () => {
    const invocation = held();
    const { queue, poller } = startPoller({ invoke: invocation.invoke });
    queue.hand(message("a"));
    await nextTurn();
    expect(queue.waiting).toBe(1);
    invocation.end();
    await poller.stop();
  });

  test("the clock cannot move while a batch is handled", async () => {
    const invocation = held();
    const { clock, queue, poller } = startPoller({ invoke: invocation.invoke });
    queue.hand(message("a"));
    const startMs = clock.now();
    let hasMoved = false;
    const moved = clock.advance(1000).then(() => (hasMoved = true));
    await nextTurn();
    await nextTurn();
    await nextTurn();
    expect([hasMoved, clock.now()]).toEqual([false, startMs]);
    invocation.end();
    await moved;
    expect(clock.now()).toBe(startMs + 1000);
    await poller.stop();
  });
});

describe("throttling", () => {
  test("a throttled batch is invoked again until it is taken", async () => {
    let tries = 0;
    const { clock, queue, invocations, removals } = startPoller({
      invoke: () => Promise.resolve(++tries < 4 ? { outcome: "throttled" } : succeeds()),
    });
    queue.hand(message("a"));
    await clock.runUntilIdle();
    expect(invocations.map(({ atMs }) => atMs)).toEqual([0, 1000, 3000, 7000]);
    expect(removals).toEqual([["a"]]);
  });

  test("a throttled batch is dropped when its visibility timeout has passed", async () => {
    const { clock, queue, invocations, removals, events } = startPoller({
      invoke: () => Promise.resolve({ outcome: "throttled" }),
    });
    queue.hand(message("a"));
    const startMs = clock.now();
    await clock.runUntilIdle();
    expect(clock.now() - startMs).toBe(VISIBILITY_TIMEOUT_MS);
    expect(invocations.at(-1)!.atMs).toBeLessThan(VISIBILITY_TIMEOUT_MS);
    expect(removals).toEqual([]);
    expect(events).toMatchObject([{ failedMessageIds: ["a"] }]);
  });

  test("stopping drops a throttled batch at once", async () => {
    const { clock, queue, events, poller } = startPoller({
      invoke: () => Promise.resolve({ outcome: "throttled" }),
    });
    queue.hand(message("a"));
    await clock.settled();
    await poller.stop();
    expect(events).toMatchObject([{ failedMessageIds: ["a"] }]);
  });
});

describe("stopping", () => {
  test("stops receiving at once and waits for the work in flight", async () => {
    const invocation = held();
    const { queue, removals, poller } = startPoller({ invoke: invocation.invoke });
    queue.hand(message("a"));
    await nextTurn();

    let hasStopped = false;
    const stopped = poller.stop().then(() => (hasStopped = true));
    await nextTurn();
    expect([hasStopped, queue.waiting]).toEqual([false, 0]);

    queue.hand(message("late"));
    invocation.end();
    await stopped;
    expect(removals).toEqual([["a"]]);
  });

  test("stopping again, or while all slots are taken, changes nothing", async () => {
    const invocation = held();
    const { queue, removals, poller } = startPoller({
      mapping: { maximumConcurrency: 2 },
      invoke: invocation.invoke,
    });
    queue.hand(message("a"));
    queue.hand(message("b"));
    queue.hand(message("c"));
    await nextTurn();
    const stops = [poller.stop(), poller.stop()];
    invocation.end();
    await Promise.all(stops);
    await poller.stop();
    expect(removals).toEqual([["a"], ["b"]]);
  });

  test("stopping ends a back-off at once", async () => {
    const { clock, poller, problems } = startPoller({
      receive: () => Promise.reject(new Error("connection refused")),
    });
    await clock.settled();
    await poller.stop();
    expect(problems).toHaveLength(1);
  });
});

describe("a batch in parts", () => {
  const parts = ["a", "b", "c"].map((id) => message(id, "x".repeat(4 * 1024 * 1024)));

  test("parts are invoked one after the other while their messages are invisible", async () => {
    const { clock, queue, invocations, removals } = startPoller({
      invoke: () => clock.sleep(29_999).then(() => succeeds()),
    });
    queue.hand(...parts);
    await clock.runUntilIdle();
    expect(invocations.map(({ atMs }) => atMs)).toEqual([0, 29_999, 59_998]);
    expect(removals).toEqual([["a"], ["b"], ["c"]]);
  });

  test("a part whose messages are visible again by then is left to whoever receives them", async () => {
    const { clock, queue, invocations, removals, events } = startPoller({
      invoke: () => clock.sleep(30_000).then(() => succeeds()),
    });
    queue.hand(...parts);
    await clock.runUntilIdle();
    expect(invocations.map(({ atMs }) => atMs)).toEqual([0, 30_000]);
    expect(removals).toEqual([["a"], ["b"]]);
    expect(events.map(({ failedMessageIds }) => failedMessageIds)).toEqual([[], [], ["c"]]);
  });
});
