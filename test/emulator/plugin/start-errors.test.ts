import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../../emulator/index.ts";
import { startOffline } from "./offline.ts";

test("a port in use is told in one sentence, and the command fails", async () => {
  const other = await startEmulator();
  onTestFinished(() => other.close());
  const offline = await startOffline({ command: ["offline"], queuesPort: other.port });
  onTestFinished(() => offline.kill());
  const { exitCode, output } = await offline.ended;
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `Port ${other.port} on 127.0.0.1 is in use: stop the program that listens there, ` +
      "or choose another port (0 takes any free one).",
  );
  expect(output).not.toMatch(/^ +at /m);
});
