/** A line of the demo with a word in the place of everything that differs from run to run. */
function withoutChance(line: string): string {
  return line
    .trim()
    .replace(/\d+\.\d+ s/, "TIME s")
    .replace(/\d+ ms/, "N ms")
    .replace(/alice_[a-z0-9]+/, "USER")
    .replace(/:\d+\//, ":PORT/")
    .replace(/id=[0-9a-f-]{36}&code=[\w-]{43}/, "id=ID&code=CODE");
}

/** The times at the beginnings of lines, in seconds. */
export function timesIn(output: string): number[] {
  return [...output.matchAll(/^ *(\d+\.\d{3}) s {2}/gm)].map((match) => Number(match[1]));
}

/** All lines but those about the time until the message can be received, after `withoutChance`. */
export const DEMO_STEPS = [
  "Starting Postgres, a mail catcher, and the application with its queues ...",
  "Ready after TIME s.",
  "",
  "TIME s  POST /users signs USER up",
  "TIME s  message sent with DelaySeconds=10, before COMMIT",
  "TIME s  user committed",
  "TIME s  201 Created in N ms",
  "TIME s  message received, receive count 1",
  'TIME s  mail captured: "Verify your email address"',
  "http://127.0.0.1:PORT/verify-email?id=ID&code=CODE",
  "TIME s  GET  /verify-email shows the page: 200",
  "TIME s  POST /verify-email presses its button: 200",
  "TIME s  USER is verified",
  "",
  "Everything that was started is stopped again.",
];

/** Splits what the demo wrote into its steps and what it says while time passes. */
export function demoLines(output: string): { steps: string[]; waiting: string[] } {
  const lines = output.split("\n").map(withoutChance);
  const isWaiting = (line: string) => line.startsWith("... ");
  return { steps: lines.filter((line) => !isWaiting(line)), waiting: lines.filter(isWaiting) };
}
