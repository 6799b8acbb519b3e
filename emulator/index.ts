/** The library: an SQS emulator for tests and for programs that put a local cloud together. */
export { startEmulator, type Emulator } from "./emulator.ts";
export type { EmulatorOptions } from "./protocol/options.ts";
export { EmulatorError, type EmulatorErrorCode } from "./protocol/emulator-error.ts";
export { StorageError, type StorageErrorCode } from "./storage/errors.ts";
export type { WaitForOptions } from "./protocol/event-log.ts";
export type {
  MessageSource,
  ReceivedMessages,
  RemoveEntry,
  RemoveFailure,
  WireMessage,
} from "./lambda/source.ts";
export { SqsError, type SqsErrorCode } from "./sqs/errors.ts";
export type { InvocationEvent, MessageEvent, QueueEvent } from "./events.ts";

export type { Clock, Release, Timer, TimerKind } from "./clock/clock.ts";
export { createSystemClock } from "./clock/system.ts";
export { SkippableClock } from "./clock/skippable.ts";
export { VirtualClock } from "./clock/virtual.ts";
export {
  CLOCK_OFFSET_KEY,
  createSharedOffset,
  publishedOffset,
  publishOffset,
  readOffset,
} from "./clock/shared-offset.ts";

/** For a start-up note: where the emulator is kinder than AWS. */
export const KINDER_THAN_AWS =
  "Standard queues here keep their order and deliver once; on AWS they promise neither.";
