import { describe, expect, test } from "vitest";
import { settle } from "../../../emulator/lambda/outcome.ts";
import { succeeds } from "./given.ts";

const BATCH = ["a", "b", "c"];

function failed(payload: string, reportBatchItemFailures: boolean): readonly string[] {
  return settle(succeeds(payload), BATCH, reportBatchItemFailures).failedMessageIds;
}

const MEANS_SUCCESS = [
  "",
  '""',
  "null",
  "{}",
  '{"batchItemFailures":[]}',
  '{"batchItemFailures":null}',
  '{"statusCode":200}',
];

const FAILS_THE_WHOLE_BATCH = [
  "not JSON",
  "undefined",
  '{"batchItemFailures":[{"itemIdentifier":"a"}]',
  "42",
  '"done"',
  "[]",
  '{"batchItemFailures":"a"}',
  '{"batchItemFailures":{"itemIdentifier":"a"}}',
  '{"batchItemFailures":[{"itemIdentifier":""}]}',
  '{"batchItemFailures":[{"itemIdentifier":null}]}',
  '{"batchItemFailures":[{"foo":"a"}]}',
  '{"batchItemFailures":[{"itemIdentifier":"unknown"}]}',
  '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"unknown"}]}',
  '{"batchItemFailures":[{"itemIdentifier":1}]}',
  '{"batchItemFailures":["a"]}',
  '{"batchItemFailures":[null]}',
];

describe("with ReportBatchItemFailures", () => {
  test.each(MEANS_SUCCESS)("the answer %s means that all succeeded", (payload) => {
    expect(failed(payload, true)).toEqual([]);
  });

  test.each(FAILS_THE_WHOLE_BATCH)(
    "the answer %s fails the whole batch, and says why",
    (payload) => {
      const outcome = settle(succeeds(payload), BATCH, true);
      expect(outcome.failedMessageIds).toEqual(BATCH);
      expect(outcome.error).toContain("whole batch");
    },
  );

  test("reported messages fail, the others succeed", () => {
    expect(failed('{"batchItemFailures":[{"itemIdentifier":"b"}]}', true)).toEqual(["b"]);
  });

  test("an id that is reported twice counts once", () => {
    const twice = '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}';
    expect(failed(twice, true)).toEqual(["b"]);
  });

  test("all reported means that all failed", () => {
    const report = { batchItemFailures: BATCH.map((itemIdentifier) => ({ itemIdentifier })) };
    expect(failed(JSON.stringify(report), true)).toEqual(BATCH);
  });
});

describe("without ReportBatchItemFailures", () => {
  test.each([
    ...MEANS_SUCCESS,
    ...FAILS_THE_WHOLE_BATCH,
    '{"batchItemFailures":[{"itemIdentifier":"b"}]}',
  ])("the answer %s is ignored: all succeeded", (payload) => {
    expect(failed(payload, false)).toEqual([]);
  });
});

test.each([true, false])("an error fails the whole batch (reports: %s)", (reports) => {
  const outcome = settle({ outcome: "failed", error: "Error: boom" }, BATCH, reports);
  expect(outcome).toEqual({ failedMessageIds: BATCH, error: "Error: boom" });
});
