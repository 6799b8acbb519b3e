import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../../../emulator/index.ts";
import { startOffline } from "../offline.ts";

test("`offline start` tells of a port in use in one sentence, too", async () => {
  const other = await startEmulator();
  onTestFinished(() => other.close());
  const offline = await startOffline({ queuesPort: other.port });
  onTestFinished(() => offline.kill());
  const { exitCode, output } = await offline.ended;
  expect(exitCode).toBe(1);
  expect(output).toContain(`Port ${other.port} on 127.0.0.1 is in use: stop the program`);
  expect(output).not.toMatch(/^ +at /m);
});

test("an endpoint that is no URL is told by the name of its option", async () => {
  const offline = await startOffline({ environment: { QUEUES_ENDPOINT: "localstack" } });
  onTestFinished(() => offline.kill());
  const { exitCode, output } = await offline.ended;
  expect(exitCode).toBe(1);
  expect(output).toContain(
    "Expected `custom.serverless-offline-queues.endpoint` to be an http or https URL such as " +
      "http://localhost:4566, got `localstack`.",
  );
  expect(output).not.toMatch(/^ +at /m);
});
