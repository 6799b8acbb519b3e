import { expect, test } from "vitest";
import { DueHeap, type DueEntry } from "../../emulator/due-heap.ts";
import { Seeded } from "./seeded.ts";

test("an empty heap has nothing to give", () => {
  const heap = new DueHeap<string>();
  expect(heap.size).toBe(0);
  expect(heap.peek()).toBeUndefined();
  expect(heap.popDue(Infinity)).toBeUndefined();
});

test("what is due comes out by time, then in the order in which it went in", () => {
  const heap = new DueHeap<string>();
  heap.push("late", 30);
  heap.push("first of two", 20);
  heap.push("early", 10);
  heap.push("second of two", 20);
  expect(popAll(heap, 20)).toEqual(["early", "first of two", "second of two"]);
  expect(popAll(heap, 29)).toEqual([]);
  expect(popAll(heap, 30)).toEqual(["late"]);
});

test("a removed entry is gone at once, and removing it again does nothing", () => {
  const heap = new DueHeap<string>();
  const entry = heap.push("removed", 10);
  heap.push("kept", 20);
  expect(heap.remove(entry)).toBe(true);
  expect(heap.size).toBe(1);
  expect(heap.remove(entry)).toBe(false);
  expect(popAll(heap, Infinity)).toEqual(["kept"]);
});

test("an entry that was popped is no longer in the heap", () => {
  const heap = new DueHeap<string>();
  const entry = heap.push("popped", 10);
  heap.push("kept", 20);
  heap.popDue(10);
  expect(heap.remove(entry)).toBe(false);
  expect(heap.size).toBe(1);
});

test("a rescheduled entry moves in both directions and keeps its turn among equals", () => {
  const heap = new DueHeap<string>();
  const first = heap.push("first", 10);
  heap.push("second", 20);
  const third = heap.push("third", 30);
  heap.reschedule(first, 40);
  heap.reschedule(third, 20);
  expect(popAll(heap, Infinity)).toEqual(["second", "third", "first"]);
});

for (const seed of [1, 2, 3, 4, 5]) {
  test(`random steps give what a sorted list gives (seed ${seed})`, () => {
    const random = new Seeded(seed);
    const heap = new DueHeap<number>();
    const list: { entry: DueEntry<number>; item: number; dueAtMs: number }[] = [];
    const first = () => list.toSorted((a, b) => a.dueAtMs - b.dueAtMs || a.item - b.item)[0];

    for (let item = 0; item < 2_000; item += 1) {
      const dueAtMs = random.between(0, 50);
      const step = random.pick(["push", "push", "push", "pop", "remove", "reschedule"] as const);
      if (step === "push") {
        list.push({ entry: heap.push(item, dueAtMs), item, dueAtMs });
      } else if (step === "pop") {
        const expected = first();
        const isDue = expected !== undefined && expected.dueAtMs <= dueAtMs;
        expect(heap.popDue(dueAtMs)).toBe(isDue ? expected.item : undefined);
        if (isDue) list.splice(list.indexOf(expected), 1);
      } else if (list.length > 0) {
        const chosen = random.pick(list);
        if (step === "remove") {
          expect(heap.remove(chosen.entry)).toBe(true);
          list.splice(list.indexOf(chosen), 1);
        } else {
          heap.reschedule(chosen.entry, dueAtMs);
          chosen.dueAtMs = dueAtMs;
        }
      }
      expect(heap.size).toBe(list.length);
      expect(heap.peek()?.item).toBe(first()?.item);
    }
  });
}

function popAll<T>(heap: DueHeap<T>, nowMs: number): T[] {
  const popped: T[] = [];
  for (let item; (item = heap.popDue(nowMs)) !== undefined;) popped.push(item);
  return popped;
}
