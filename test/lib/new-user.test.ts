import { expect, test } from "vitest";
import { AppError, type Violation } from "../../lib/errors.ts";
import { parseNewUser } from "../../lib/new-user.ts";
import { ADA } from "../support/sign-up.ts";

const ofLength = (length: number) => "x".repeat(length);
const emailOfLength = (length: number) => `${ofLength(length - 2)}@x`;

test("a sign-up without faults is taken as it is", () => {
  const { full_name: fullName, ...rest } = ADA;
  expect(parseNewUser(ADA)).toEqual({ ...rest, fullName });
});

test.each([
  ["username", 2, 3, 4, ofLength],
  ["full_name", 2, 3, 4, ofLength],
  ["password", 5, 6, 7, ofLength],
  ["email", 2, 3, 4, emailOfLength],
] as const)(
  "%s of %i characters is too short, of %i or %i not",
  (field, short, atLimit, above, make) => {
    expect(faultyFields({ [field]: make(short) })).toContain(field);
    expect(faultyFields({ [field]: make(atLimit) })).toEqual([]);
    expect(faultyFields({ [field]: make(above) })).toEqual([]);
  },
);

test.each([
  ["username", 99, 100, 101, ofLength],
  ["full_name", 99, 100, 101, ofLength],
  ["password", 99, 100, 101, ofLength],
  ["email", 199, 200, 201, emailOfLength],
] as const)(
  "%s of %i or %i characters is not too long, of %i it is",
  (field, below, atLimit, long, make) => {
    expect(faultyFields({ [field]: make(below) })).toEqual([]);
    expect(faultyFields({ [field]: make(atLimit) })).toEqual([]);
    expect(faultyFields({ [field]: make(long) })).toEqual([field]);
  },
);

test("characters are code points, however many UTF-16 units they take", () => {
  expect(faultyFields({ password: "😀".repeat(100) })).toEqual([]);
  expect(faultyFields({ password: "😀".repeat(5) })).toEqual(["password"]);
});

test.each([
  ["username", "ada_1815", true],
  ["username", "Ada", false],
  ["username", "ada-b", false],
  ["username", "adä", false],
  ["username", "ada\n", false],
  ["full_name", "Zoë Ærøskøbing", true],
  ["full_name", "李小龙", true],
  ["full_name", "अदिति राव", true],
  ["full_name", "Zoe\u0308", true],
  ["full_name", "   ", false],
  ["full_name", "Ada 2", false],
  ["full_name", "Ada\tB", false],
  ["full_name", "Ada<b>", false],
  ["email", "ada.b+c@mail.example.com", true],
  ["email", "Ada <ada@example.com>", false],
  ["email", "ada@example.com,bob@example.com", false],
  ["email", "ada@example.com\r\nBcc: bob@example.com", false],
  ["email", "ada@example.com\u0000", false],
  ["email", "ada example.com", false],
  ["email", "ada@@example.com", false],
  ["password", "with spaces and ünïcödé", true],
  ["password", "half a pair \ud800", false],
])("%s %j: acceptable is %j", (field, value, acceptable) => {
  expect(faultyFields({ [field]: value })).toEqual(acceptable ? [] : [field]);
});

test.each([
  ["username", undefined, "is required"],
  ["username", 7, "must be a text"],
  ["password", null, "must be a text"],
])("%s %j %s", (field, value, description) => {
  expect(violationsOf({ ...ADA, [field]: value })).toEqual([{ field, description }]);
});

test("a field that is none is refused by name", () => {
  expect(violationsOf({ ...ADA, is_email_verified: true })).toEqual([
    { field: "is_email_verified", description: "is not a field of a sign-up" },
  ]);
});

test.each([[null], [[]], ["text"], [undefined]])("%j is not a sign-up", (body) => {
  expect(violationsOf(body)).toEqual([{ field: "body", description: "must be a JSON object" }]);
});

/** The fields, each once, that are faulty when these replace the good ones. */
function faultyFields(replaced: Record<string, string>): string[] {
  return [...new Set(violationsOf({ ...ADA, ...replaced }).map(({ field }) => field))];
}

function violationsOf(body: unknown): readonly Violation[] {
  try {
    parseNewUser(body);
  } catch (error) {
    expect((error as AppError).code).toBe("invalid_input");
    return (error as AppError).violations;
  }
  return [];
}
