/** X-Ray's `key=value;...` with its documented keys; anything else SQS might refuse. */
const TRACE_HEADER = /^(?:(?:Root|Self|Parent|Sampled|Lineage)=[\w:.|?-]{1,100};?){1,5}$/;

/**
 * The first candidate that is a trace header. A client may put anything into its request's header,
 * and a sign-up must not fail for that.
 */
export function traceHeaderFrom(...candidates: (string | undefined)[]): string | undefined {
  return candidates.find((candidate) => candidate !== undefined && TRACE_HEADER.test(candidate));
}
