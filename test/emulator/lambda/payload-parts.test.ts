import { expect, test } from "vitest";
import { splitByPayload } from "../../../emulator/lambda/payload-parts.ts";
import { toRecord, type SqsRecord } from "../../../emulator/lambda/record.ts";
import { ARN, message } from "./given.ts";

const SIX_MB = 6 * 1024 * 1024;

function record(id: string, bodyBytes: number): SqsRecord {
  return toRecord(message(id, "x".repeat(bodyBytes)), ARN, "eu-west-1");
}

function eventBytes(records: readonly SqsRecord[]): number {
  return Buffer.byteLength(JSON.stringify({ Records: records }));
}

/** Two records whose event has exactly `bytes`. */
function pairOf(bytes: number): SqsRecord[] {
  const empty = eventBytes([record("a", 0), record("b", 0)]);
  return [record("a", 1024), record("b", bytes - empty - 1024)];
}

test("an event of just under 6 MB stays whole", () => {
  const pair = pairOf(SIX_MB - 1);
  expect(eventBytes(pair)).toBe(SIX_MB - 1);
  expect(splitByPayload(pair)).toEqual([pair]);
});

test("an event of one byte more than 6 MB is cut", () => {
  const [a, b] = pairOf(SIX_MB + 1);
  expect(splitByPayload([a!, b!])).toEqual([[a], [b]]);
});

test("ten messages of 1 MiB become two invocations of five", () => {
  const records = Array.from({ length: 10 }, (_, at) => record(String(at), 1024 * 1024));
  expect(splitByPayload(records).map((part) => part.length)).toEqual([5, 5]);
});

test("no message makes no invocation", () => {
  expect(splitByPayload([])).toEqual([]);
});
