import { startDeadline } from "./clock/deadline.ts";
import { createSharedOffset, publishOffset } from "./clock/shared-offset.ts";
import { SkippableClock } from "./clock/skippable.ts";
import { startEmbeddedQueues } from "./plugin/embedded-queues.ts";
import { resolveEnvironments } from "./plugin/environment.ts";
import { EventLines } from "./plugin/event-lines.ts";
import { connectForeignQueues } from "./plugin/foreign-queues.ts";
import { InFlightRequests } from "./plugin/in-flight-requests.ts";
import { OPTIONS_KEY, readEndpoint, readPluginOptions } from "./plugin/options.ts";
import { startPollers, type Pollers } from "./plugin/pollers.ts";
import type { QueueService } from "./plugin/queue-service.ts";
import { readServiceMappings } from "./plugin/service-mappings.ts";
import { createServiceQueues } from "./plugin/service-queues.ts";
import type { PluginLog, Serverless, ServerlessOffline } from "./plugin/serverless.ts";

/** As long as an HTTP API or a function of ordinary length may take. */
const DRAIN_DEADLINE_MS = 30_000;

/** serverless-offline's own defaults. */
const OFFLINE_DEFAULTS = { host: "localhost", lambdaPort: 3002 };

/**
 * The Serverless plugin: gives `serverless offline` the service's queues and runs its functions'
 * `sqs` events.
 */
export default class ServerlessOfflineQueues {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #serverless: Serverless;
  readonly #cliOptions: Readonly<Record<string, unknown>>;
  readonly #log: PluginLog;
  readonly #clock: SkippableClock;
  #queues: QueueService | undefined;
  #pollers: Pollers | undefined;
  #requests: InFlightRequests | undefined;
  #ending: Promise<void> | undefined;

  constructor(
    serverless: Serverless,
    cliOptions: Readonly<Record<string, unknown>>,
    { log }: { readonly log: PluginLog },
  ) {
    this.#serverless = serverless;
    this.#cliOptions = cliOptions;
    this.#log = log;
    // Worker threads find the clock's offset only if it is published before they start.
    const offset = createSharedOffset();
    publishOffset(offset);
    this.#clock = new SkippableClock(offset);
    const start = () => this.#start();
    this.hooks = {
      "before:offline:start": start,
      "before:offline:start:init": start,
      // This command's own end was bound before it could be wrapped; calling it here exits.
      "before:offline:start:end": () => this.#offline().end(),
    };
  }

  async #start(): Promise<void> {
    try {
      await this.#startQueues();
      await this.#startPollers();
      this.#endGracefully(this.#offline());
    } catch (error) {
      await this.#close();
      const { message } = error as Error;
      const printable = new this.#serverless.classes.Error(message, "SERVERLESS_OFFLINE_QUEUES");
      throw Object.assign(printable, { cause: error });
    }
  }

  async #startQueues(): Promise<void> {
    const { service } = this.#serverless;
    const options = readPluginOptions(service.custom?.[OPTIONS_KEY]);
    const region = this.#serverless.getProvider("aws").getRegion();
    setDefaultCredentials(region);
    const endpoint = options.endpoint ?? environmentEndpoint();
    this.#queues =
      endpoint === undefined
        ? await startEmbeddedQueues(options, region, this.#clock)
        : await connectForeignQueues(endpoint, region);
    // serverless-offline copies AWS_* into the environment of its workers.
    process.env["AWS_ENDPOINT_URL_SQS"] = this.#queues.endpoint;

    const lines = new EventLines();
    this.#queues.subscribe((event) => {
      const line = lines.describe(event);
      if (line !== undefined) this.#log.notice(line);
    });
  }

  async #startPollers(): Promise<void> {
    const { service } = this.#serverless;
    const aws = this.#serverless.getProvider("aws");
    const queues = this.#queues!;
    const stack = {
      region: aws.getRegion(),
      name: aws.naming.getStackName(),
      resources: service.resources?.Resources ?? {},
    };
    const values = await createServiceQueues(stack, queues);
    this.#log.notice(queues.description);
    for (const problem of resolveEnvironments(service, values)) this.#log.warning(problem);

    const mappings = await readServiceMappings(service, values, queues);
    const { host, lambdaPort } = this.#offlineOptions();
    this.#requests = new InFlightRequests([lambdaPort, Number(new URL(queues.endpoint).port)]);
    this.#pollers = await startPollers(mappings, queues, `http://${host}:${lambdaPort}`, this.#log);
  }

  /** Where serverless-offline's Lambda endpoint listens, by its own order of precedence. */
  #offlineOptions(): { host: string; lambdaPort: number } {
    const custom = this.#serverless.service.custom?.["serverless-offline"] as object | undefined;
    const { host, lambdaPort } = { ...OFFLINE_DEFAULTS, ...custom, ...this.#cliOptions };
    const isEverywhere = host === "0.0.0.0" || host === "::";
    return { host: isEverywhere ? "localhost" : host, lambdaPort: Number(lambdaPort) };
  }

  #offline(): ServerlessOffline {
    const plugins = this.#serverless.pluginManager.getPlugins();
    return plugins.find(
      (plugin) => plugin.constructor.name === "ServerlessOffline",
    ) as ServerlessOffline;
  }

  /** Lets work in flight finish before serverless-offline ends the threads that do it. */
  #endGracefully(offline: ServerlessOffline): void {
    const endOffline = offline.end.bind(offline);
    const end = async () => {
      await this.#drain();
      await endOffline(true);
      await this.#close();
    };
    offline.end = async (skipExit) => {
      this.#ending ??= end();
      await this.#ending;
      if (!skipExit) process.exit(0);
    };
  }

  async #drain(): Promise<void> {
    const drained = Promise.all([this.#pollers?.stop(), this.#requests?.none()]);
    let cancelDeadline = () => {};
    const deadline = new Promise<void>((resolve) => {
      cancelDeadline = startDeadline(DRAIN_DEADLINE_MS, () => {
        this.#log.warning("Some work is still in flight after 30 s; its messages will come back.");
        resolve();
      });
    });
    await Promise.race([drained, deadline]);
    cancelDeadline();
  }

  async #close(): Promise<void> {
    this.#requests?.stop();
    await this.#queues?.close();
    this.#clock.stop();
  }
}

function environmentEndpoint(): string | undefined {
  const endpoint = process.env["AWS_ENDPOINT_URL_SQS"];
  return endpoint ? readEndpoint("AWS_ENDPOINT_URL_SQS", endpoint) : undefined;
}

/** SDKs refuse to call without any; the emulator takes all. A person's own are left alone. */
function setDefaultCredentials(region: string): void {
  if (!process.env["AWS_PROFILE"] && !process.env["AWS_ACCESS_KEY_ID"]) {
    process.env["AWS_ACCESS_KEY_ID"] = "local";
    process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  }
  process.env["AWS_REGION"] ||= region;
}
