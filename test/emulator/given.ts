import { onTestFinished } from "vitest";
import { startEmulator, VirtualClock, type Emulator } from "../../emulator/index.ts";

/** An emulator on a virtual clock that ends with the test. */
export async function givenEmulator(
  clock: VirtualClock = new VirtualClock(),
): Promise<{ emulator: Emulator; clock: VirtualClock }> {
  const emulator = await startEmulator({ clock });
  onTestFinished(() => emulator.close());
  return { emulator, clock };
}

/** A raw AWS JSON request, for what an SDK would not send. `input` may be JSON text. */
export async function call(
  emulator: Emulator,
  action: string,
  input: object | string,
  path = "/",
): Promise<{ status: number; code: string | undefined; body: Record<string, unknown> }> {
  const response = await fetch(new URL(path, emulator.url), {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AmazonSQS.${action}`,
    },
    body: typeof input === "string" ? input : JSON.stringify(input),
  });
  return {
    status: response.status,
    code: response.headers.get("x-amzn-query-error")?.split(";")[0],
    body: (await response.json()) as Record<string, unknown>,
  };
}
