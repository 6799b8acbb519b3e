import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { freeStackPorts, type StackPorts } from "../../local/ports.ts";
import { RUN, runCommand, type Command, type CommandOptions } from "./command.ts";
import { killAll, processesOf } from "./processes.ts";

/** Where a stack is, over several starts. */
export interface Place {
  /** For this alone; its name tells the stack's processes from others. */
  readonly folder: string;
  readonly dataDirectory: string;
  readonly ports: StackPorts;
  readonly api: string;
  readonly sqs: string;
  readonly inbox: string;
}

/** For all tests of a file, or of a `describe`; nothing is left of it afterwards. */
export function usePlace(): Place {
  const place = {} as { -readonly [Key in keyof Place]: Place[Key] };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "test-local-"));
    // When root runs the tests, Postgres runs as another user who has to get through.
    await chmod(folder, 0o711);
    const ports = await freeStackPorts();
    Object.assign(place, {
      folder,
      dataDirectory: join(folder, "data"),
      ports,
      api: `http://127.0.0.1:${ports.http}`,
      sqs: `http://127.0.0.1:${ports.sqs}`,
      inbox: `http://127.0.0.1:${ports.inbox}`,
    });
  });
  afterAll(async () => {
    await killAll(processesOf(place.folder));
    await rm(place.folder, { recursive: true, force: true });
  });
  return place;
}

/** What `npm start` runs. */
export function startCommand(place: Place, options?: CommandOptions): Command {
  return runCommand("node", [RUN, "start", ...startArguments(place)], options);
}

/** Settles when the banner is written, which comes last. */
export async function started(command: Command): Promise<Command> {
  await command.line(/^ {2}curl /);
  return command;
}

export function startArguments({ dataDirectory, ports }: Place): string[] {
  return [
    ...["--data-directory", dataDirectory],
    ...Object.entries(ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]),
  ];
}

/** The superuser's URL; for a place whose Postgres has been started once. */
export async function databaseUrl({ dataDirectory, ports }: Place): Promise<string> {
  const password = await readFile(join(dataDirectory, "postgres", "password"), "utf8");
  return `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/signup`;
}
