import { describe, expect, test } from "vitest";
import type { InvocationResult } from "../../../emulator/lambda/invocation.ts";
import { message, startPoller, succeeds } from "./given.ts";

function report(...messageIds: string[]): InvocationResult {
  const batchItemFailures = messageIds.map((itemIdentifier) => ({ itemIdentifier }));
  return succeeds(JSON.stringify({ batchItemFailures }));
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
