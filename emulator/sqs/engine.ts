import type { MessageEvent } from "../events.ts";
import type { RandomSource } from "../random.ts";
import type { Change } from "./changes.ts";
import { SqsError } from "./errors.ts";

export interface EngineOptions {
  readonly accountId: string;
  readonly region: string;
  /** AWS's waits of 60 s after PurgeQueue and before a deleted name is free again. Default false. */
  readonly cooldowns?: boolean;
  readonly random?: RandomSource;
  /** Called in the middle of an operation: it must neither throw nor call the engine. */
  onEvent?(event: MessageEvent): void;
  /** Called in the middle of an operation: it must neither throw nor call the engine. */
  onChange?(change: Change): void;
}

/** What an action needs to know besides its input. */
export interface Call {
  /** Epoch milliseconds. The engine's time never goes back. */
  readonly nowMs: number;
  /** `scheme://host[:port]`, for queue URLs. */
  readonly baseUrl: string;
  /** The request's path; it names the queue when the input has no `QueueUrl`. */
  readonly path?: string;
}

export interface ReceiveOptions {
  /** Wait without end instead of `WaitTimeSeconds`. For callers in the same process. */
  readonly waitUntilCancelled?: boolean;
}

/** The SQS queues as a state machine: no I/O, and the time is an argument. */
export class SqsEngine {
  constructor(_options: EngineOptions) {}

  perform(action: string, _input: Record<string, unknown>, _call: Call): Record<string, unknown> {
    throw new SqsError("InvalidAction", `The action ${action} is not valid for this endpoint.`);
  }

  receive(
    _input: Record<string, unknown>,
    _call: Call,
    _answer: (output: Record<string, unknown>) => void,
    _options: ReceiveOptions = {},
  ): { cancel(): void } {
    throw new SqsError("InvalidAction", "The action ReceiveMessage is not valid yet.");
  }

  advanceTo(_nowMs: number): void {}

  nextWorkAtMs(): number | undefined {
    return undefined;
  }

  nextBackgroundAtMs(): number | undefined {
    return undefined;
  }

  restore(_changes: Iterable<Change>): void {}

  *changes(): Iterable<Change> {}

  queueNames(): string[] {
    return [];
  }

  hasQueue(_name: string): boolean {
    return false;
  }

  queueArn(name: string): string {
    return name;
  }
}
