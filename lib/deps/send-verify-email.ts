import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { openDatabase } from "../database.ts";
import { createDeadLetters } from "../dead-letters.ts";
import { randomIds } from "../ids.ts";
import { createLog } from "../log.ts";
import { createMailer } from "../mail.ts";
import { createQueue, createSqsClient } from "../queue.ts";
import type { WorkerDeps } from "../worker.ts";

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
  const queue = createQueue(createSqsClient(), systemClock);
  return {
    clock: systemClock,
    log: createLog(),
    ids: randomIds,
    sql: openDatabase({ url: config.databaseUrl, maxConnections: config.databaseMaxConnections }),
    mailer: createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom }),
    deadLetters: createDeadLetters(queue, config.verifyEmailDeadLetterQueueUrl),
    verificationSecret: config.verificationSecret,
    publicBaseUrl: config.publicBaseUrl,
    missingUserPolicy: "retry",
  };
}
