import { join, relative } from "node:path";
import { migrate } from "../lib/migrate.ts";
import type { ChildOutput } from "./child-output.ts";
import { LocalError } from "./errors.ts";
import { writableHome } from "./home.ts";
import { claimDataDirectory, type Claim } from "./leftovers.ts";
import { startMailCatcher, type MailCatcher } from "./mail-catcher.ts";
import { requireOwnDatabase } from "./own-database.ts";
import { requireOwnQueue } from "./own-queue.ts";
import { requireFreePort, type StackPorts } from "./ports.ts";
import { preparePostgres, type RunningPostgres } from "./postgres.ts";
import { persistentSecret } from "./secret.ts";
import { ROOT, childEnded, startServerless, type ServerlessProcess } from "./serverless-process.ts";

export interface StackOptions {
  /** Database, queues, mails and the secret; kept between runs. */
  readonly dataDirectory: string;
  readonly ports: StackPorts;
  /**
   * The person's environment. `DATABASE_URL` in it takes the embedded Postgres's place, and
   * `AWS_ENDPOINT_URL_SQS` the embedded queue's.
   */
  readonly environment: NodeJS.ProcessEnv;
  /** Called with each line that `serverless offline` writes. */
  readonly onLine?: (line: string) => void;
  /** Aborting it while the stack starts stops what has been started. */
  readonly signal?: AbortSignal;
}

export interface Stack {
  readonly urls: StackUrls;
  readonly mail: MailCatcher;
  /** What `serverless offline` writes, the application's log among it. */
  readonly output: ChildOutput;
  /** Where Postgres's data is; undefined with a Postgres of the person's own. */
  readonly postgresDataDirectory: string | undefined;
  /** Settles when a part ends by itself; never after `stop`. */
  readonly failed: Promise<LocalError>;
  /** Finishes what is in flight, then ends everything. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

export interface StackUrls {
  readonly api: string;
  readonly sqs: string;
  readonly inbox: string;
  readonly smtp: string;
  /** With user and password. */
  readonly postgres: string;
}

/** Without Postgres's, which may still be held by the leftover that `preparePostgres` ends. */
const PORTS_FREE_BEFORE = [
  ["http", "HTTP API", "--http-port"],
  ["lambda", "Lambda", "--lambda-port"],
  ["sqs", "SQS", "--sqs-port"],
  ["smtp", "SMTP", "--smtp-port"],
  ["inbox", "mail inbox", "--inbox-port"],
] as const;

interface Parts {
  readonly claim: Claim;
  readonly databaseUrl: string;
  readonly postgres: RunningPostgres | undefined;
  readonly mail: MailCatcher;
  readonly serverless: ServerlessProcess;
}

/** What has been started so far. */
type Started = { -readonly [Part in keyof Parts]?: Parts[Part] };

/**
 * Starts Postgres, the mail catcher, and `serverless offline` with the queues in it.
 * @throws LocalError after everything that had been started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started: Started = {};
  try {
    return toStack(await startParts(started, options), options);
  } catch (error) {
    await stopParts(started);
    if (options.signal?.aborted !== true) throw error;
    throw new LocalError("interrupted", "Stopped before everything was up.", { cause: error });
  }
}

async function startParts(started: Started, options: StackOptions): Promise<Parts> {
  const { dataDirectory, signal = new AbortController().signal } = options;
  const claim = (started.claim = await claimDataDirectory(dataDirectory));
  await requireFreePorts(options);
  const ownQueue = options.environment["AWS_ENDPOINT_URL_SQS"];
  if (ownQueue) await requireOwnQueue(ownQueue);
  const database = await prepareDatabase(options);
  const environment = await childEnvironment(options, database.url);
  // It replays its log first, and messages that are due by now would be received in vain.
  if (database.wasKilled) started.postgres = await database.start();
  signal.throwIfAborted();
  // All at once, what takes longest first. Nothing asks the database before the API accepts its
  // first request or the queue is polled, which takes seconds.
  const givingUp = new AbortController();
  const parts = [
    spawnServerless(
      started,
      claim,
      options,
      environment,
      AbortSignal.any([signal, givingUp.signal]),
    ),
    startAndMigrate(started, database),
    startMail(started, options),
  ] as const;
  const [serverless, , mail] = await allOrNone(parts, (error) => givingUp.abort(error));
  return { claim, databaseUrl: database.url, postgres: started.postgres, mail, serverless };
}

async function startMail(
  started: Started,
  { dataDirectory, ports }: StackOptions,
): Promise<MailCatcher> {
  return (started.mail = await startMailCatcher({
    mailDirectory: join(dataDirectory, "mails"),
    smtpPort: ports.smtp,
    inboxPort: ports.inbox,
  }));
}

async function startAndMigrate(started: Started, database: Database): Promise<void> {
  started.postgres ??= await database.start();
  await migrateDatabase(database.url);
}

interface Database {
  readonly url: string;
  readonly wasKilled: boolean;
  /** Undefined for a Postgres of the person's own. */
  start(): Promise<RunningPostgres | undefined>;
}

async function prepareDatabase({
  environment,
  dataDirectory,
  ports,
}: StackOptions): Promise<Database> {
  const ownUrl = environment["DATABASE_URL"];
  if (ownUrl) {
    await requireOwnDatabase(ownUrl);
    return { url: ownUrl, wasKilled: false, start: async () => undefined };
  }
  return preparePostgres({
    dataDirectory: join(dataDirectory, "postgres"),
    port: ports.postgres,
    database: "signup",
  });
}

async function spawnServerless(
  started: Started,
  claim: Claim,
  { ports, onLine }: StackOptions,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ServerlessProcess> {
  const serverless = (started.serverless = startServerless({
    httpPort: ports.http,
    lambdaPort: ports.lambda,
    environment,
  }));
  if (onLine !== undefined) serverless.output.on("line", onLine);
  await claim.addChild(serverless.pid);
  await serverless.untilReady(signal);
  return serverless;
}

async function childEnvironment(
  { environment, dataDirectory, ports }: StackOptions,
  databaseUrl: string,
): Promise<NodeJS.ProcessEnv> {
  return {
    ...environment,
    HOME: await writableHome(dataDirectory),
    DATABASE_URL: databaseUrl,
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    VERIFICATION_SECRET: await persistentSecret(join(dataDirectory, "verification-secret")),
    PUBLIC_BASE_URL: apiUrl(ports),
    QUEUES_PORT: String(ports.sqs),
    QUEUES_DATA_DIRECTORY: join(dataDirectory, "queues"),
    // Two stacks, or a stack and `npm run package`, must not write and remove each other's bundles.
    BUILD_FOLDER: relative(ROOT, join(dataDirectory, "build")),
  };
}

async function migrateDatabase(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError(
      "migration-failed",
      `The database could not be brought to the newest schema (${reason}): correct the migration, or check DATABASE_URL if you set it.`,
      { cause },
    );
  });
}

/**
 * Like Promise.all, but nothing is still starting when it rejects. `onFirstFailure` may tell the
 * others to give up.
 */
async function allOrNone<T extends readonly unknown[]>(
  promises: readonly [...{ [Index in keyof T]: Promise<T[Index]> }],
  onFirstFailure: (error: unknown) => void,
): Promise<T> {
  const all = Promise.all(promises);
  all.catch(onFirstFailure);
  await Promise.allSettled(promises);
  return (await all) as unknown as T;
}

async function requireFreePorts({ ports, environment }: StackOptions): Promise<void> {
  for (const [name, purpose, option] of PORTS_FREE_BEFORE) {
    if (name === "sqs" && environment["AWS_ENDPOINT_URL_SQS"]) continue;
    await requireFreePort(ports[name], purpose, option);
  }
}

function toStack(parts: Parts, { ports, environment }: StackOptions): Stack {
  let stopped: Promise<void> | undefined;
  const failures = [
    parts.serverless.ended.then(() => childEnded("ended by itself", parts.serverless.output)),
    ...(parts.postgres === undefined ? [] : [postgresFailure(parts.postgres)]),
  ];
  return {
    urls: {
      api: apiUrl(ports),
      sqs: environment["AWS_ENDPOINT_URL_SQS"] || `http://127.0.0.1:${ports.sqs}`,
      inbox: parts.mail.inboxUrl,
      smtp: parts.mail.smtpUrl,
      postgres: parts.databaseUrl,
    },
    mail: parts.mail,
    output: parts.serverless.output,
    postgresDataDirectory: parts.postgres?.dataDirectory,
    failed: new Promise((resolve) => {
      void Promise.race(failures).then((error) => {
        if (stopped === undefined) resolve(error);
      });
    }),
    stop: () => (stopped ??= stopParts(parts)),
  };
}

async function postgresFailure(postgres: RunningPostgres): Promise<LocalError> {
  const { logLines } = await postgres.ended;
  return new LocalError("postgres-failed", "Postgres ended by itself: its last lines say why.", {
    logLines,
  });
}

/** Who uses another part ends before it. A part that does not stop keeps no other from stopping. */
async function stopParts({ serverless, mail, postgres, claim }: Started): Promise<void> {
  const errors: unknown[] = [];
  for (const stop of [serverless?.stop, mail?.stop, postgres?.stop, claim?.release]) {
    await stop?.().catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw new AggregateError(errors, "Not everything could be stopped.");
}

function apiUrl(ports: StackPorts): string {
  return `http://127.0.0.1:${ports.http}`;
}
