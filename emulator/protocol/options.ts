import type { Clock } from "../clock/clock.ts";
import { EmulatorError } from "./emulator-error.ts";

export interface EmulatorOptions {
  /** The system clock unless told. */
  readonly clock?: Clock;
  /**
   * Instead of `clock`: makes a `SkippableClock` and publishes its offset to worker threads that
   * are started later. Default false.
   */
  readonly skippable?: boolean;
  /** The address to listen on; 127.0.0.1 unless told, so that nobody outside can call. */
  readonly host?: string;
  /** 0 to 65535; 0, the default, takes any free one. */
  readonly port?: number;
  /** Twelve digits; "000000000000" unless told. */
  readonly accountId?: string;
  /** "us-east-1" unless told. */
  readonly region?: string;
  /**
   * Name to attributes, as CreateQueue takes them. They may refer to each other as dead-letter
   * queues in any order. A queue recovered from disk is kept and gets the attributes.
   */
  readonly queues?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A folder that keeps queues and messages over restarts; without it they are in memory only. */
  readonly dataDirectory?: string;
  /** AWS's waits of 60 s after PurgeQueue and before a deleted name is free. Default false. */
  readonly cooldowns?: boolean;
  /** Web origins, such as "http://localhost:3000", whose pages may call. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** Host names that clients may use besides localhost's, in lower case. Default none. */
  readonly allowedHosts?: readonly string[];
}

/** The options with their defaults. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  readonly queues: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dataDirectory: string | undefined;
  readonly cooldowns: boolean;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
}

const OPTION_NAMES: Readonly<Record<keyof EmulatorOptions, true>> = {
  clock: true,
  skippable: true,
  host: true,
  port: true,
  accountId: true,
  region: true,
  queues: true,
  dataDirectory: true,
  cooldowns: true,
  allowedOrigins: true,
  allowedHosts: true,
};
const HIGHEST_PORT = 65_535;

/** @throws EmulatorError `INVALID_OPTION` */
export function readOptions(options: EmulatorOptions): Settings {
  for (const name of Object.keys(options)) {
    if (name in OPTION_NAMES) continue;
    throw invalid("an option", `one of ${Object.keys(OPTION_NAMES).join(", ")}`, name);
  }
  const { port = 0, accountId = "000000000000", region = "us-east-1" } = options;
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    throw invalid("port", `a whole number from 0 to ${HIGHEST_PORT}`, port);
  }
  if (!/^\d{12}$/.test(accountId)) throw invalid("accountId", "twelve digits", accountId);
  if (!/^[a-z0-9-]+$/.test(region)) throw invalid("region", "like us-east-1", region);
  if (options.clock !== undefined && options.skippable === true) {
    throw invalid("skippable", "left out when `clock` is given", true);
  }
  return {
    host: options.host ?? "127.0.0.1",
    port,
    accountId,
    region,
    queues: options.queues ?? {},
    dataDirectory: options.dataDirectory,
    cooldowns: options.cooldowns ?? false,
    allowedOrigins: options.allowedOrigins ?? [],
    allowedHosts: options.allowedHosts ?? [],
  };
}

function invalid(name: string, expected: string, got: unknown): EmulatorError {
  const message = `Expected \`${name}\` to be ${expected}, got \`${String(got)}\`.`;
  return new EmulatorError("INVALID_OPTION", message);
}
