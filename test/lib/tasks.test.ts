import { expect, test } from "vitest";
import { AppError } from "../../lib/errors.ts";
import { encodeTask, parseTask, sendVerifyEmailTaskFor } from "../../lib/tasks.ts";

const USER = { id: "3d0a5fd0-6b1c-4f0c-8c8c-0b7f3f5e8f11", username: "ada" };
const TASK = sendVerifyEmailTaskFor(USER);

test("a task comes back as it was sent", () => {
  expect(parseTask(encodeTask(TASK))).toEqual(TASK);
});

test("a task says its type and version, and of the user only id and username", () => {
  expect(JSON.parse(encodeTask(TASK))).toEqual({
    type: "send_verify_email",
    version: 1,
    userId: USER.id,
    username: "ada",
  });
});

test.each([
  ["not JSON", "{"],
  ["not an object", "1"],
  ["another type", JSON.stringify({ ...TASK, type: "send_reset_email" })],
  ["an older version", JSON.stringify({ ...TASK, version: 0 })],
  ["a newer version", JSON.stringify({ ...TASK, version: 2 })],
  ["no user id", JSON.stringify({ ...TASK, userId: undefined })],
  ["an id that is none", JSON.stringify({ ...TASK, userId: "1" })],
  ["a username that nobody can have", JSON.stringify({ ...TASK, username: "a\u0000b" })],
  ["an unknown field", JSON.stringify({ ...TASK, email: "ada@example.com" })],
])("%s is no task, and never will be", (_, body) => {
  const error = errorOf(() => parseTask(body));
  expect(error.code).toBe("invalid_task");
  expect(error.retryable).toBe(false);
});

test("a bad task is not even sent", () => {
  expect(errorOf(() => encodeTask({ ...TASK, userId: "1" })).code).toBe("invalid_task");
});

function errorOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    return error as AppError;
  }
  throw new Error("Nothing was thrown.");
}
