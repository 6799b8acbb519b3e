import * as z from "zod";
import { AppError, type Violation } from "./errors.ts";

/** What a person fills in to sign up. */
export interface NewUser {
  readonly username: string;
  readonly fullName: string;
  readonly email: string;
  readonly password: string;
}

export const usernameSchema = characters(3, 100).regex(
  /^[a-z0-9_]+$/,
  "must consist of lower-case letters, digits and underscores",
);

const schema = z.strictObject(
  {
    username: usernameSchema,
    // A letter may be followed by combining marks, as many scripts write it.
    full_name: characters(3, 100).regex(
      /^ *\p{L}[\p{L}\p{M} ]*$/u,
      "must consist of letters and spaces",
    ),
    email: characters(3, 200).regex(
      z.regexes.html5Email,
      "must be one plain address, such as ada@example.com",
    ),
    password: characters(6, 100).refine((value) => value.isWellFormed(), "must be valid Unicode"),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? undefined : "must be a JSON object") },
);

/** Checks a request's body. Throws `invalid_input` with all violations at once. */
export function parseNewUser(body: unknown): NewUser {
  const result = schema.safeParse(body);
  if (!result.success) {
    throw new AppError("invalid_input", { violations: result.error.issues.flatMap(violations) });
  }
  const { full_name: fullName, ...rest } = result.data;
  return { ...rest, fullName };
}

/** Counts code points, not UTF-16 units: a letter outside the basic plane is one character. */
function characters(minimum: number, maximum: number) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a text") })
    .refine((value) => {
      const length = [...value].length;
      return length >= minimum && length <= maximum;
    }, `must have ${minimum} to ${maximum} characters`);
}

function violations(issue: z.core.$ZodIssue): Violation[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((field) => ({ field, description: "is not a field of a sign-up" }));
  }
  const field = issue.path.length === 0 ? "body" : issue.path.join(".");
  return [{ field, description: issue.message }];
}
