import { loadConfig } from "../config.ts";
import { openDatabase } from "../database.ts";
import { randomIds } from "../ids.ts";
import { DEFAULT_PASSWORD_COST } from "../passwords.ts";
import { createQueue, createSqsClient } from "../queue.ts";
import { createTaskQueue, type TaskQueue } from "../task-queue.ts";
import type { CreateUserDeps } from "../users.ts";
import { httpDeps } from "./http.ts";

export interface SignUpDeps extends CreateUserDeps {
  readonly taskQueue: TaskQueue;
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
