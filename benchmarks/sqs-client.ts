import { SQSClient } from "@aws-sdk/client-sqs";

/** As a program has it that uses the emulator. */
export function createClient(endpoint: string): SQSClient {
  return new SQSClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}
