import { describe, expect, test } from "vitest";
import {
  createMapping,
  type EventSourceMapping,
  type MappingEnds,
  type MappingRequest,
} from "../../../emulator/lambda/mapping.ts";
import { ARN } from "./given.ts";

const ENDS: MappingEnds = {
  functionTimeoutSeconds: 30,
  visibilityTimeoutSeconds: 180,
  existing: [],
};

function create(
  request: Partial<MappingRequest> = {},
  ends: Partial<MappingEnds> = {},
): EventSourceMapping {
  const whole = { functionName: "read", eventSourceArn: ARN, ...request };
  return createMapping(whole, { ...ENDS, ...ends });
}

test("defaults are AWS's: ten messages, five batches at once, no partial responses, enabled", () => {
  expect(create()).toMatchObject({
    queueName: "letters",
    region: "eu-west-1",
    batchSize: 10,
    concurrency: 5,
    reportBatchItemFailures: false,
    enabled: true,
  });
});

test("the same mapping has the same UUID every time", () => {
  const { uuid } = create();
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(create().uuid).toBe(uuid);
  expect(create({ functionName: "other" }).uuid).not.toBe(uuid);
});

describe("AWS's checks", () => {
  test.each([29, 1])("a visibility timeout of %i s is too short for 30 s of work", (seconds) => {
    expect(() => create({}, { visibilityTimeoutSeconds: seconds })).toThrow(
      expect.objectContaining({
        code: "InvalidParameterValueException",
        message: `Queue visibility timeout: ${seconds} seconds is less than Function timeout: 30 seconds`,
      }),
    );
  });

  test.each([30, 31])("a visibility timeout of %i s is enough for 30 s of work", (seconds) => {
    expect(create({}, { visibilityTimeoutSeconds: seconds }).visibilityTimeoutSeconds).toBe(
      seconds,
    );
  });

  test("a queue that does not exist is refused", () => {
    expect(() => create({}, { visibilityTimeoutSeconds: undefined })).toThrow(
      expect.objectContaining({
        code: "InvalidParameterValueException",
        message:
          "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
      }),
    );
  });

  test("a second mapping of the same queue and function is refused, of another function not", () => {
    const first = create();
    expect(() => create({}, { existing: [first] })).toThrow(
      expect.objectContaining({
        code: "ResourceConflictException",
        message: `An event source mapping with SQS arn (" ${ARN} ") and function (" read ") already exists. Please update or delete the existing mapping with UUID ${first.uuid}`,
      }),
    );
    expect(create({ functionName: "other" }, { existing: [first] }).functionName).toBe("other");
  });

  test.each([11, 10_000])("a batch size of %i needs a window", (batchSize) => {
    expect(() => create({ batchSize })).toThrow(
      expect.objectContaining({
        code: "InvalidParameterValueException",
        message:
          "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
      }),
    );
  });

  test.each([1, 2, 9, 10])("a batch size of %i needs none", (batchSize) => {
    expect(create({ batchSize }).batchSize).toBe(batchSize);
  });

  test.each([0, -1, 1.5, 10_001, NaN])("a batch size of %d is out of range", (batchSize) => {
    expect(() => create({ batchSize })).toThrow(
      "Expected `batchSize` of `read` to be a whole number from 1 to 10000, got",
    );
  });

  test.each([1, 0, 1001])("a maximum concurrency of %i is out of range", (maximumConcurrency) => {
    expect(() => create({ maximumConcurrency })).toThrow("whole number from 2 to 1000");
  });

  test.each([2, 1000])("a maximum concurrency of %i is taken", (maximumConcurrency) => {
    expect(create({ maximumConcurrency }).concurrency).toBe(maximumConcurrency);
  });

  test.each(["letters", "arn:aws:sns:eu-west-1:111122223333:letters", "undefined"])(
    "%s is no event source",
    (eventSourceArn) => {
      expect(() => create({ eventSourceArn })).toThrow("to be the ARN of an SQS queue, got");
    },
  );
});

test.each<Partial<MappingRequest>>([
  { maximumBatchingWindowSeconds: 1 },
  { batchSize: 100, maximumBatchingWindowSeconds: 5 },
  { filterPatterns: [{ body: { user: [1] } }] },
])("what is not emulated yet is refused rather than ignored: %j", (request) => {
  expect(() => create(request)).toThrow(expect.objectContaining({ code: "NotEmulated" }));
});

test("a window of 0 and an empty list of filters are the defaults", () => {
  expect(create({ maximumBatchingWindowSeconds: 0, filterPatterns: [] }).enabled).toBe(true);
});
