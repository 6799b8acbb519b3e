import type { SQSClient } from "@aws-sdk/client-sqs";

/**
 * The SDK is needed for foreign endpoints only, so it is an optional peer dependency that is loaded
 * when first used.
 */
export async function loadSdk(): Promise<typeof import("@aws-sdk/client-sqs")> {
  try {
    return await import("@aws-sdk/client-sqs");
  } catch (cause) {
    throw new Error(
      "A queue at another endpoint is reached through the AWS SDK, which is not installed: run `npm install --save-dev @aws-sdk/client-sqs`.",
      { cause },
    );
  }
}

/**
 * A client for an endpoint. It does not retry by itself, so that retries happen on the emulator's
 * clock. Its credentials are the SDK's usual ones.
 */
export async function createSdkClient(endpoint: string, region: string): Promise<SQSClient> {
  const { SQSClient } = await loadSdk();
  return new SQSClient({ endpoint, region, maxAttempts: 1 });
}
