/** One JSON line of the application's log: what the logger adds to every line is left out. */
export interface LogLine {
  /** When it was written, in epoch milliseconds. */
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Of the logger, the Lambda context and the trace: the same on every line, so of no interest. */
const SURROUNDINGS = new Set([
  "service",
  "sampling_rate",
  "xray_trace_id",
  "cold_start",
  "function_arn",
  "function_memory_size",
  "function_name",
  "function_request_id",
]);

/** Undefined for a line that the application's logger did not write. */
export function parseLogLine(line: string): LogLine | undefined {
  if (!line.startsWith("{")) return undefined;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { level, message, timestamp, ...rest } = parsed;
  if (typeof level !== "string" || typeof message !== "string") return undefined;
  const details = Object.entries(rest).filter(([name]) => !SURROUNDINGS.has(name));
  return {
    atMs: Date.parse(String(timestamp)),
    level,
    message,
    details: Object.fromEntries(details),
  };
}

/** A log line as a person reads it; any other line as it is. */
export function readable(line: string): string {
  const parsed = parseLogLine(line);
  if (parsed === undefined) return line;
  const details = Object.entries(parsed.details).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [parsed.level.padEnd(5), parsed.message, ...details].join(" ");
}
