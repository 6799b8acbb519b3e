import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { freePort } from "../../../local/ports.ts";
import { Changes } from "./changes.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const SERVERLESS = join(ROOT, "node_modules/serverless/bin/serverless.js");
const SERVICE = join(import.meta.dirname, "fixtures/service");
const REGION = "eu-west-1";

export interface OfflineOptions {
  /** What comes after `serverless`; `offline start` unless told. */
  readonly command?: readonly string[];
  /** 0, the default, takes any free one. */
  readonly queuesPort?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `serverless offline` on the fixture service, as a person starts it. */
export class Offline {
  readonly httpUrl: string;
  readonly lambdaPort: number;
  /** Exit code and all that was written. */
  readonly ended: Promise<{ exitCode: number | null; output: string }>;
  readonly #child: ChildProcess;
  #output = "";
  readonly #changes = new Changes();

  constructor(child: ChildProcess, httpPort: number, lambdaPort: number) {
    this.httpUrl = `http://localhost:${httpPort}`;
    this.lambdaPort = lambdaPort;
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.#output += chunk;
        this.#changes.happened();
      });
    }
    this.ended = once(child, "close").then(([exitCode]) => {
      this.#changes.happened();
      return { exitCode: exitCode as number | null, output: this.#output };
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Settles with the match when `pattern` was written; fails when the process ends before. */
  wrote(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#changes.until(() => {
      const found = pattern.exec(this.#output);
      if (found !== null) return found;
      if (this.#hasEnded) throw new Error(`It ended without writing ${pattern}:\n${this.#output}`);
      return undefined;
    });
  }

  /** Where the queues are, once everything answers. */
  async untilReady(): Promise<string> {
    await this.wrote(/Server ready/);
    return (await this.wrote(/Queues at (http:\S+:\d+)/))[1]!;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** For the end of a test, whatever happened in it. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

export async function startOffline(options: OfflineOptions = {}): Promise<Offline> {
  const httpPort = await freePort();
  const lambdaPort = await freePort();
  const child = spawn(
    process.execPath,
    [
      SERVERLESS,
      ...(options.command ?? ["offline", "start"]),
      ...["--httpPort", String(httpPort)],
      ...["--lambdaPort", String(lambdaPort)],
      // Tells when a signal has come.
      "--verbose",
    ],
    {
      cwd: SERVICE,
      env: {
        ...withoutAws(process.env),
        QUEUES_PORT: String(options.queuesPort ?? 0),
        ...options.environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  return new Offline(child, httpPort, lambdaPort);
}

/** A call of SQS in AWS JSON; fails with the answer when it is refused. */
export async function sqs<T = Record<string, unknown>>(
  queuesUrl: string,
  action: string,
  input: Record<string, unknown>,
): Promise<T> {
  const response = await fetch(queuesUrl, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AmazonSQS.${action}`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function skip(queuesUrl: string, seconds: number): Promise<void> {
  const response = await fetch(`${queuesUrl}/_emulator/clock/skip`, {
    method: "POST",
    body: JSON.stringify({ durationMs: seconds * 1000 }),
  });
  if (!response.ok) throw new Error(await response.text());
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:000000000000:${name}`;
}

function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(environment).filter(([name]) => !name.startsWith("AWS_"));
  return Object.fromEntries(entries);
}
