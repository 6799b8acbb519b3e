import { PluginError } from "./plugin-error.ts";

/** What a service sets under `custom.serverless-offline-queues`. */
export interface PluginOptions {
  /** 0 takes any free one. Default 9324. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host: string;
  /** A folder that keeps queues and messages over restarts. Default: they are in memory only. */
  readonly dataDirectory: string | undefined;
  /** Another SQS endpoint to use instead of the embedded emulator. */
  readonly endpoint: string | undefined;
}

export const OPTIONS_KEY = "serverless-offline-queues";

const OPTIONS_PATH = `custom.${OPTIONS_KEY}`;
const DEFAULT_PORT = 9324;
const HIGHEST_PORT = 65_535;
const NAMES = ["port", "host", "dataDirectory", "endpoint"];

/** Throws PluginError `INVALID_OPTION`. Numbers may be text, as environment variables give them. */
export function readPluginOptions(custom: unknown): PluginOptions {
  if (custom !== undefined && (typeof custom !== "object" || custom === null)) {
    throw invalid(OPTIONS_PATH, "an object", custom);
  }
  const given = (custom ?? {}) as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (NAMES.includes(name)) continue;
    const known = NAMES.map((each) => `\`${each}\``).join(", ");
    throw new PluginError(
      "INVALID_OPTION",
      `Expected the options under \`${OPTIONS_PATH}\` to be among ${known}, got \`${name}\`. Remove it or correct its name.`,
    );
  }
  return {
    port: readPort(given["port"] ?? DEFAULT_PORT),
    host: readText("host", given["host"] ?? "127.0.0.1"),
    dataDirectory:
      given["dataDirectory"] == null
        ? undefined
        : readText("dataDirectory", given["dataDirectory"]),
    endpoint:
      given["endpoint"] == null
        ? undefined
        : readEndpoint(`${OPTIONS_PATH}.endpoint`, given["endpoint"]),
  };
}

/** `path`: where the value comes from. Throws PluginError `INVALID_OPTION`. */
export function readEndpoint(path: string, value: unknown): string {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, "");
  throw invalid(path, "an http or https URL such as http://localhost:4566", value);
}

function readPort(value: unknown): number {
  const isDigits = typeof value === "string" && /^\d+$/.test(value);
  const port = isDigits ? Number(value) : value;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) {
    return port;
  }
  throw invalid(`${OPTIONS_PATH}.port`, `a whole number from 0 to ${HIGHEST_PORT}`, value);
}

function readText(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`${OPTIONS_PATH}.${name}`, "text that is not empty", value);
}

function invalid(path: string, expected: string, got: unknown): PluginError {
  return new PluginError(
    "INVALID_OPTION",
    `Expected \`${path}\` to be ${expected}, got \`${String(got)}\`.`,
  );
}
