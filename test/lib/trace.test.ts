import { expect, test } from "vitest";
import { traceHeaderFrom } from "../../lib/trace.ts";

const REQUEST = "Root=1-5759e988-bd862e3fe1be46a994272793";
const INVOCATION = "Root=1-5759e988-bd862e3fe1be46a994272794;Parent=53995c3f42cd8ad8;Sampled=1";

test("the request's trace comes first, and the invocation's where there is none", () => {
  expect(traceHeaderFrom(REQUEST, INVOCATION)).toBe(REQUEST);
  expect(traceHeaderFrom(undefined, INVOCATION)).toBe(INVOCATION);
  expect(traceHeaderFrom(undefined, undefined)).toBeUndefined();
});

test.each([[""], ["hello"], ["Root=1\u0007"], [`Root=${"x".repeat(101)}`], ["Evil=1"]])(
  "%j is passed over",
  (header) => {
    expect(traceHeaderFrom(header, INVOCATION)).toBe(INVOCATION);
  },
);
