/**
 * `serverless` with the given arguments, in a process that stops as on Ctrl-C when its standard
 * input ends. That is a pipe from the process that started it, which may be killed.
 */
import { createRequire } from "node:module";

const FAILURE_LOOK_MS = 100;

process.stdin.on("error", () => {});
process.stdin.on("end", () => process.kill(process.pid, "SIGINT"));
process.stdin.resume();
// A serverless that could not start ends, whoever still holds the other end of the pipe.
if ("unref" in process.stdin) process.stdin.unref();

// Nobody may be left to read what is written while the last requests are finished.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const require = createRequire(import.meta.url);
// Left to find out for itself that nobody needs it any more, the bundler's helper process at times
// ends with a stack trace.
process.on("exit", () => (require("esbuild") as { stop(): void }).stop());

require("serverless/bin/serverless.js");

// A serverless that has failed says why and sets the exit code, and then the bundler, which still
// watches the sources, would keep it from ending.
setInterval(() => {
  if (process.exitCode) process.exit();
}, FAILURE_LOOK_MS).unref();
