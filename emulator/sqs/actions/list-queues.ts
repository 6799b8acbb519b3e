import type { Action } from "../action.ts";
import { optionalString } from "../input.ts";
import { invalidParameter, optionalInRange } from "../limits.ts";

const MAX_RESULTS = 1_000;

/** Queues in order of their names. There is a `NextToken` only when `MaxResults` asks for pages. */
export const listQueues: Action = (input, { queues, baseUrl }) => {
  const prefix = optionalString(input, "QueueNamePrefix") ?? "";
  const reason = `MaxResults must be an integer between 1 and ${MAX_RESULTS}.`;
  const maxResults = optionalInRange(input, "MaxResults", 1, MAX_RESULTS, reason);
  const after = readToken(optionalString(input, "NextToken"));
  const found = queues
    .names()
    .filter((name) => name.startsWith(prefix) && (after === undefined || name > after))
    .sort();
  const page = found.slice(0, maxResults ?? MAX_RESULTS);
  const isCut = maxResults !== undefined && page.length < found.length;
  return {
    ...(page.length > 0 && { QueueUrls: page.map((name) => queues.url(name, baseUrl)) }),
    ...(isCut && { NextToken: writeToken(page.at(-1)!) }),
  };
};

/** The token is the last name that was listed: it stays good when queues come and go. */
function writeToken(name: string): string {
  return Buffer.from(name).toString("base64");
}

function readToken(token: string | undefined): string | undefined {
  if (!token) return undefined;
  const name = Buffer.from(token, "base64").toString();
  if (writeToken(name) !== token) {
    throw invalidParameter("NextToken", token, "It did not come from ListQueues.");
  }
  return name;
}
