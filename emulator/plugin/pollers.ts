import { lambdaEndpoint } from "../lambda/invoke-endpoint.ts";
import type { EventSourceMapping } from "../lambda/mapping.ts";
import { Poller, type PollerOptions, type PollerProblem } from "../lambda/poller.ts";
import type { QueueService } from "./queue-service.ts";
import type { PluginLog } from "./serverless.ts";

/** Prepares a poller for each mapping. They begin when the Lambda endpoint answers. */
export async function startPollers(
  mappings: readonly EventSourceMapping[],
  queues: QueueService,
  lambdaUrl: string,
  log: PluginLog,
): Promise<Pollers> {
  const endpoint = lambdaEndpoint(lambdaUrl, queues.clock);
  const prepared = await Promise.all(
    mappings.map(async (mapping): Promise<PollerOptions> => {
      const { receive, remove } = await queues.messageSource(mapping.queueName);
      return {
        mapping,
        receive,
        remove,
        invoke: endpoint.invokes(mapping.functionName),
        clock: queues.clock,
        onInvoked: (event) => queues.publish(event),
        onProblem: (problem) => log.warning(`${mapping.queueName}: ${describeProblem(problem)}`),
      };
    }),
  );
  return new Pollers(prepared, (signal) => endpoint.waitUntilAnswers(signal));
}

export class Pollers {
  readonly #stopping = new AbortController();
  readonly #started: Promise<Poller[]>;

  constructor(
    prepared: readonly PollerOptions[],
    waitUntilReady: (signal: AbortSignal) => Promise<void>,
  ) {
    const { signal } = this.#stopping;
    this.#started = waitUntilReady(signal).then(() =>
      signal.aborted ? [] : prepared.map((options) => new Poller(options)),
    );
  }

  /** Stops receiving at once; settles when the invocations in flight are settled. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const pollers = await this.#started;
    await Promise.all(pollers.map((poller) => poller.stop()));
  }
}

function describeProblem(problem: PollerProblem): string {
  switch (problem.type) {
    case "receiveFailed":
      return `receiving failed, next try in ${problem.retryInMs} ms; ${problem.reason}`;
    case "removeFailed":
      return `could not delete ${problem.messageIds.join(", ")}, which will come back; ${problem.reason}`;
  }
}
