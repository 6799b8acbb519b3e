import { ReceiveMessageCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterEach, beforeEach } from "vitest";
import { startEmulator, VirtualClock, type Emulator } from "../../emulator/index.ts";
import { createCreateUserHandler } from "../../functions/create-user.ts";
import { createSendVerifyEmailHandler } from "../../functions/send-verify-email.ts";
import { createVerifyEmailHandler } from "../../functions/verify-email.ts";
import { createDeadLetters } from "../../lib/dead-letters.ts";
import type { SignUpDeps } from "../../lib/deps/create-user.ts";
import type { HttpResult } from "../../lib/http.ts";
import { randomIds } from "../../lib/ids.ts";
import { createQueue, createSqsClient } from "../../lib/queue.ts";
import { createTaskQueue } from "../../lib/task-queue.ts";
import type { WorkerDeps } from "../../lib/worker.ts";
import type { TestDatabase } from "./database.ts";
import { MailerDouble, RecordingLog } from "./doubles.ts";
import { jsonEvent, lambdaContext } from "./lambda.ts";
import { DEAD_LETTER_QUEUE, QUEUE, queueDefinitions, service } from "./service.ts";

/** Argon2's least; the tests are not about its cost. */
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

export const SECRET = "a secret of the tests, long enough for all";

export const ADA = {
  username: "ada",
  full_name: "Ada Lovelace",
  email: "ada@example.com",
  password: "correct horse",
};

/** The whole sign-up in this process: real queues, a real database, time that the test moves. */
export interface SignUp {
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
  readonly sqs: SQSClient;
  readonly mailer: MailerDouble;
  readonly log: RecordingLog;
  readonly signUpDeps: SignUpDeps;
  readonly workerDeps: WorkerDeps;
  post(body: unknown): Promise<HttpResult>;
  handle(event: APIGatewayProxyEventV2): Promise<HttpResult>;
  /** Runs the worker on the given bodies; answers the ids that it reports as failed. */
  work(...args: Parameters<ReturnType<typeof createSendVerifyEmailHandler>>): Promise<string[]>;
  verify(link: { id: string; code: string }): Promise<HttpResult>;
  receive(queue: "queue" | "deadLetterQueue"): Promise<Message[]>;
}

/** One for each test; the database is the file's and is emptied. */
export function useSignUp(
  database: TestDatabase,
  { delaySeconds = service.params.default.delaySeconds } = {},
): SignUp {
  const signUp = {} as { -readonly [Key in keyof SignUp]: SignUp[Key] };
  beforeEach(async () => {
    await database.sql`truncate users cascade`;
    Object.assign(signUp, await startSignUp(database, delaySeconds));
  });
  afterEach(async () => {
    signUp.sqs.destroy();
    await signUp.emulator.close();
  });
  return signUp;
}

async function startSignUp({ sql }: TestDatabase, delaySeconds: number): Promise<SignUp> {
  const clock = new VirtualClock();
  const emulator = await startEmulator({ clock, queues: queueDefinitions() });
  const sqs = testSqsClient({ endpoint: emulator.url });
  const queue = createQueue(sqs, clock);
  const log = new RecordingLog();
  const mailer = new MailerDouble();
  const shared = { sql, clock, log, ids: randomIds };
  const taskQueue = createTaskQueue({
    queue,
    log,
    queueUrl: emulator.queueUrl(QUEUE),
    delaySeconds,
  });
  const signUpDeps: SignUpDeps = { ...shared, passwordCost: CHEAP, taskQueue };
  const workerDeps: WorkerDeps = {
    ...shared,
    mailer,
    verificationSecret: SECRET,
    publicBaseUrl: "https://sign-up.example.com",
    missingUserPolicy: "retry",
    deadLetters: createDeadLetters(queue, emulator.queueUrl(DEAD_LETTER_QUEUE)),
  };
  const createUser = createCreateUserHandler(signUpDeps);
  const sendVerifyEmail = createSendVerifyEmailHandler(workerDeps);
  const verifyEmail = createVerifyEmailHandler({ sql, clock, log });
  return {
    clock,
    emulator,
    sqs,
    mailer,
    log,
    signUpDeps,
    workerDeps,
    post: (body) => createUser(jsonEvent("POST", "/users", body), lambdaContext()),
    handle: (event) => createUser(event, lambdaContext()),
    work: async (event, context) => {
      const { batchItemFailures } = await sendVerifyEmail(event, context);
      return batchItemFailures.map((failure) => failure.itemIdentifier);
    },
    verify: (link) => verifyEmail(jsonEvent("POST", "/verify-email", link), lambdaContext()),
    receive: async (which) => {
      const name = which === "queue" ? QUEUE : DEAD_LETTER_QUEUE;
      const answer = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: emulator.queueUrl(name),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return answer.Messages ?? [];
    },
  };
}

export function testSqsClient(config: Parameters<typeof createSqsClient>[0] = {}): SQSClient {
  return createSqsClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    ...config,
  });
}
