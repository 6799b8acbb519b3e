import { systemClock } from "./clock.ts";
import { loadConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { createDeadLetters } from "./dead-letters.ts";
import type { HttpDeps } from "./http.ts";
import { randomIds } from "./ids.ts";
import { createLog } from "./log.ts";
import { createMailer } from "./mail.ts";
import { DEFAULT_PASSWORD_COST } from "./passwords.ts";
import { createQueue, createSqsClient } from "./queue.ts";
import { createTaskQueue, type TaskQueue } from "./task-queue.ts";
import type { CreateUserDeps } from "./users.ts";
import type { WorkerDeps } from "./worker.ts";

export interface SignUpDeps extends CreateUserDeps {
  readonly taskQueue: TaskQueue;
}

export interface VerifyEmailDeps extends HttpDeps {
  readonly sql: CreateUserDeps["sql"];
}

/**
 * A handler that is built at its first call and kept for the sandbox's life, so that importing a
 * function's file neither needs an environment nor connects to anything.
 */
export function oncePerSandbox<Args extends unknown[], Result>(
  build: () => (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let built: ((...args: Args) => Promise<Result>) | undefined;
  return async (...args) => (built ??= build())(...args);
}

export function httpDeps(): HttpDeps {
  return { clock: systemClock, log: createLog() };
}

export function signUpDeps(): SignUpDeps {
  const config = loadConfig([
    "databaseUrl",
    "databaseMaxConnections",
    "verifyEmailQueueUrl",
    "verifyEmailDelaySeconds",
  ]);
  const { clock, log } = httpDeps();
  return {
    clock,
    log,
    ids: randomIds,
    sql: openDatabase({ url: config.databaseUrl, maxConnections: config.databaseMaxConnections }),
    passwordCost: DEFAULT_PASSWORD_COST,
    taskQueue: createTaskQueue({
      log,
      queue: createQueue(createSqsClient(), clock),
      queueUrl: config.verifyEmailQueueUrl,
      delaySeconds: config.verifyEmailDelaySeconds,
    }),
  };
}

export function workerDeps(): WorkerDeps {
  const config = loadConfig([
    "databaseUrl",
    "databaseMaxConnections",
    "verifyEmailDeadLetterQueueUrl",
    "verificationSecret",
    "publicBaseUrl",
    "smtpUrl",
    "mailFrom",
  ]);
  const { clock, log } = httpDeps();
  const queue = createQueue(createSqsClient(), clock);
  return {
    clock,
    log,
    ids: randomIds,
    sql: openDatabase({ url: config.databaseUrl, maxConnections: config.databaseMaxConnections }),
    mailer: createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom }),
    deadLetters: createDeadLetters(queue, config.verifyEmailDeadLetterQueueUrl),
    verificationSecret: config.verificationSecret,
    publicBaseUrl: config.publicBaseUrl,
    missingUserPolicy: "retry",
  };
}

export function verifyEmailDeps(): VerifyEmailDeps {
  const config = loadConfig(["databaseUrl", "databaseMaxConnections"]);
  return {
    ...httpDeps(),
    sql: openDatabase({ url: config.databaseUrl, maxConnections: config.databaseMaxConnections }),
  };
}
