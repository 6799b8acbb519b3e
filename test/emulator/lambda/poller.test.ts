import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { InvocationResult } from "../../../emulator/lambda/invocation.ts";
import { message, startPoller, succeeds, VISIBILITY_TIMEOUT_SECONDS } from "./given.ts";

const VISIBILITY_TIMEOUT_MS = VISIBILITY_TIMEOUT_SECONDS * 1000;

function report(...messageIds: string[]): InvocationResult {
  const batchItemFailures = messageIds.map((itemIdentifier) => ({ itemIdentifier }));
  return succeeds(JSON.stringify({ batchItemFailures }));
}

/** An invocation that a test ends when it likes. */
function held() {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  return { invoke: () => promise, end: () => resolve(succeeds()) };
}

describe("settling", () => {
  test("what was handled is deleted", async () => {
    const { clock, queue, removals, events } = startPoller();
    queue.hand(message("a"), message("b"));
    await clock.settled();
    expect(removals).toEqual([["a", "b"]]);
    expect(events).toEqual([
      {
        type: "invoked",
        atMs: clock.now(),
        queue: "letters",
        functionName: "read",
        messageIds: ["a", "b"],
        failedMessageIds: [],
        durationMs: 0,
      },
    ]);
  });

  test("an error deletes nothing and makes no call at all", async () => {
    const { clock, queue, removals, events } = startPoller({
      invoke: () => Promise.resolve({ outcome: "failed", error: "Error: boom" }),
    });
    queue.hand(message("a"), message("b"));
    await clock.settled();
    expect(removals).toEqual([]);
    expect(events).toMatchObject([{ failedMessageIds: ["a", "b"], error: "Error: boom" }]);
  });

  test("an invoker that itself breaks counts as an error of the function", async () => {
    const { clock, queue, removals, events } = startPoller({
      invoke: () => Promise.reject(new Error("socket closed")),
    });
    queue.hand(message("a"));
    await clock.settled();
    expect(removals).toEqual([]);
    expect(events).toMatchObject([{ failedMessageIds: ["a"], error: "Error: socket closed" }]);
  });

  test("a partial batch response leaves only the reported message", async () => {
    const { clock, queue, removals } = startPoller({
      mapping: { functionResponseTypes: ["ReportBatchItemFailures"] },
      invoke: () => Promise.resolve(report("b")),
    });
    queue.hand(message("a"), message("b"), message("c"));
    await clock.settled();
    expect(removals).toEqual([["a", "c"]]);
  });

  test("without ReportBatchItemFailures the same response is ignored: all are deleted", async () => {
    const { clock, queue, removals } = startPoller({
      invoke: () => Promise.resolve(report("b")),
    });
    queue.hand(message("a"), message("b"), message("c"));
    await clock.settled();
    expect(removals).toEqual([["a", "b", "c"]]);
  });

  test("a batch of more than 6 MB is invoked in parts, each settled by itself", async () => {
    let invocations = 0;
    const { clock, queue, removals } = startPoller({
      invoke: () =>
        Promise.resolve(
          ++invocations === 1 ? { outcome: "failed", error: "Error: boom" } : succeeds(),
        ),
    });
    const ids = ["0", "1", "2", "3", "4", "5", "6"];
    queue.hand(...ids.map((id) => message(id, "x".repeat(1024 * 1024))));
    await clock.settled();
    expect(invocations).toBe(2);
    expect(removals).toEqual([["5", "6"]]);
  });

  test("the time a function took is told", async () => {
    const { clock, queue, events } = startPoller({
      invoke: () => clock.sleep(1500).then(() => succeeds()),
    });
    queue.hand(message("a"));
    await clock.advance(1500);
    expect(events).toMatchObject([{ durationMs: 1500 }]);
  });
});

describe("deleting", () => {
  test("a deletion that fails once is tried again, for the failed entries only", async () => {
    let calls = 0;
    const { clock, queue, removals, problems } = startPoller({
      remove: (entries) =>
        Promise.resolve(++calls === 1 ? [{ Id: entries[1]!.Id, Code: "InternalError" }] : []),
    });
    queue.hand(message("a"), message("b"), message("c"));
    await clock.runUntilIdle();
    expect(removals).toEqual([["a", "b", "c"], ["b"]]);
    expect(problems).toEqual([]);
  });

  test("a deletion that keeps failing is reported after three tries", async () => {
    const { clock, queue, removals, problems } = startPoller({
      remove: (entries) =>
        Promise.resolve(entries.map(({ Id }) => ({ Id, Code: "InternalError", Message: "later" }))),
    });
    queue.hand(message("a"), message("b"));
    await clock.runUntilIdle();
    expect(removals).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(problems).toEqual([
      { type: "removeFailed", messageIds: ["a", "b"], reason: "InternalError: later" },
    ]);
  });

  test("a deletion that cannot be asked for is tried again too", async () => {
    let calls = 0;
    const { clock, queue, removals, problems } = startPoller({
      remove: () =>
        ++calls === 1 ? Promise.reject(new Error("connection refused")) : Promise.resolve([]),
    });
    queue.hand(message("a"));
    await clock.runUntilIdle();
    expect(removals).toEqual([["a"], ["a"]]);
    expect(problems).toEqual([]);
  });

  test.each([
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])("%i messages are deleted in chunks of at most ten", async (size, chunks) => {
    const { clock, queue, removals } = startPoller();
    queue.hand(...Array.from({ length: size }, (_, at) => message(String(at))));
    await clock.settled();
    expect(removals.map((chunk) => chunk.length)).toEqual(chunks);
  });
});

describe("receiving", () => {
  test("the batch size is what a receive asks for", async () => {
    const { clock, queue } = startPoller({ mapping: { batchSize: 3 } });
    await clock.settled();
    expect(queue.receives).toEqual([3]);
  });

  test("a disabled mapping receives nothing", async () => {
    const { clock, queue, poller } = startPoller({ mapping: { enabled: false } });
    await clock.advance(60_000);
    expect(queue.receives).toEqual([]);
    await poller.stop();
  });

  test("an empty answer invokes nothing and receiving goes on", async () => {
    const { clock, queue, invocations } = startPoller();
    queue.hand();
    queue.hand(message("a"));
    await clock.settled();
    expect(invocations).toMatchObject([{ messageIds: ["a"] }]);
  });

  test("receive errors back off, never end the loop, and receiving recovers", async () => {
    let receives = 0;
    const { clock, problems } = startPoller({
      receive: (_, signal) => {
        receives += 1;
        if (receives <= 9) return Promise.reject(new Error("connection refused"));
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      },
    });
    await clock.advance(60_000);
    const waits = [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000];
    expect(problems).toEqual(
      waits.map((retryInMs) => ({
        type: "receiveFailed",
        reason: "Error: connection refused",
        retryInMs,
      })),
    );
    expect(receives).toBe(10);
  });

  test("a receive that succeeds resets the back-off", async () => {
    let receives = 0;
    const { clock, problems } = startPoller({
      receive: (_, signal) => {
        receives += 1;
        if (receives === 3) return Promise.resolve({ messages: [], release: () => {} });
        if (receives <= 4) return Promise.reject(new Error("connection refused"));
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      },
    });
    await clock.advance(60_000);
    expect(problems).toMatchObject([{ retryInMs: 100 }, { retryInMs: 200 }, { retryInMs: 100 }]);
  });

  test("a virtual clock does not run on because of a receive that keeps failing", async () => {
    const { clock, poller } = startPoller({
      receive: () => Promise.reject(new Error("connection refused")),
    });
    const startMs = clock.now();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(startMs);
    await poller.stop();
  });
});

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
