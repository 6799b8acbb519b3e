import { LocalError } from "./errors.ts";

const ANSWER_DEADLINE_MS = 5_000;

/**
 * Fails when nobody answers at the person's own queue: whoever asks it later would only say so at
 * the end of many lines.
 * @throws LocalError `bad-argument` or `queue-unreachable`
 */
export async function requireOwnQueue(endpoint: string): Promise<void> {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new LocalError(
      "bad-argument",
      `Expected AWS_ENDPOINT_URL_SQS to be an http or https URL such as http://localhost:4566, got \`${endpoint}\`: correct it, or unset it to use the queue that comes with this.`,
    );
  }
  try {
    // Any answer will do.
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
    await answer.body?.cancel();
  } catch (cause) {
    throw new LocalError(
      "queue-unreachable",
      `Nobody answers at ${url.origin}, which AWS_ENDPOINT_URL_SQS names: start that queue, or unset the variable to use the one that comes with this.`,
      { cause },
    );
  }
}
