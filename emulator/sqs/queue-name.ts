import { SqsError } from "./errors.ts";

const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** Throws `InvalidParameterValue`, or `UnsupportedOperation` for the name of a FIFO queue. */
export function checkQueueName(name: string): void {
  if (name.endsWith(".fifo")) throw fifoUnsupported(name);
  if (NAME.test(name)) return;
  throw new SqsError(
    "InvalidParameterValue",
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

export function fifoUnsupported(name: string): SqsError {
  return new SqsError(
    "AWS.SimpleQueueService.UnsupportedOperation",
    `This emulator has no FIFO queues yet: create ${name} as a standard queue, without ` +
      "FifoQueue and without the suffix .fifo.",
  );
}
