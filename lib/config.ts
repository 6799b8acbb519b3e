/** Every variable that the program reads, and what it must look like. */
const VARIABLES = {
  databaseUrl: secretUrl("DATABASE_URL", ["postgres:", "postgresql:"]),
  databaseMaxConnections: integer("DATABASE_MAX_CONNECTIONS", 1, 100),
  verifyEmailQueueUrl: publicUrl("VERIFY_EMAIL_QUEUE_URL"),
  verifyEmailDeadLetterQueueUrl: publicUrl("VERIFY_EMAIL_DEAD_LETTER_QUEUE_URL"),
  /** SQS takes 0 to 900 seconds. */
  verifyEmailDelaySeconds: integer("VERIFY_EMAIL_DELAY_SECONDS", 0, 900),
  verificationSecret: secret("VERIFICATION_SECRET", 32),
  smtpUrl: secretUrl("SMTP_URL", ["smtp:", "smtps:"]),
  mailFrom: text("MAIL_FROM"),
  publicBaseUrl: publicUrl("PUBLIC_BASE_URL"),
};

type Variables = typeof VARIABLES;
export type ConfigKey = keyof Variables;
export type Config = {
  readonly [Key in ConfigKey]: NonNullable<ReturnType<Variables[Key]["parse"]>>;
};

export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable<T extends string | number> {
  readonly name: string;
  readonly expected: string;
  /** A secret's value, or a URL with a password in it, never appears in a message. */
  readonly isSecret: boolean;
  /** Answers undefined when the value is not what was expected. */
  parse(value: string): T | undefined;
}

/** Lists every variable that is missing or wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((line) => `- ${line}`).join("\n")}`);
    this.problems = problems;
  }
}

/** Reads the variables that a function needs. Throws `ConfigError` with all problems at once. */
export function loadConfig<Key extends ConfigKey>(
  keys: readonly Key[],
  env: Environment = process.env,
): Pick<Config, Key> {
  const values: Partial<Record<ConfigKey, string | number>> = {};
  const problems: string[] = [];
  for (const key of keys) {
    const variable: Variable<string | number> = VARIABLES[key];
    const value = env[variable.name];
    const parsed = value === undefined || value === "" ? undefined : variable.parse(value);
    if (parsed === undefined) problems.push(problemWith(variable, value));
    else values[key] = parsed;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Pick<Config, Key>;
}

/** The X-Ray trace of the running invocation; Lambda sets it anew for each. */
export function currentTraceHeader(env: Environment = process.env): string | undefined {
  return env["_X_AMZN_TRACE_ID"];
}

function problemWith(variable: Variable<string | number>, value: string | undefined): string {
  const expected = `Expected \`${variable.name}\` to be ${variable.expected}`;
  if (value === undefined) return `${expected}, but it is not set. Set it in the environment.`;
  if (value === "") return `${expected}, but it is empty. Give it a value.`;
  if (variable.isSecret) return `${expected}, got something else (not shown). Correct it.`;
  return `${expected}, got \`${value}\`. Correct it.`;
}

function text(name: string): Variable<string> {
  return { name, expected: "a text", isSecret: false, parse: (value) => value };
}

/** Where a secret is kept, such as `/sign-up/dev/verification-secret`. Anybody may know that. */
const PARAMETER_NAME = /^(\/[a-z0-9-]+)+$/;

function secret(name: string, minimumLength: number): Variable<string> {
  return {
    name,
    expected: `a secret of at least ${minimumLength} characters, not the name of one`,
    isSecret: true,
    parse: (value) =>
      value.length >= minimumLength && !PARAMETER_NAME.test(value) ? value : undefined,
  };
}

function integer(name: string, minimum: number, maximum: number): Variable<number> {
  return {
    name,
    expected: `a whole number from ${minimum} to ${maximum}`,
    isSecret: false,
    parse: (value) => {
      if (!/^\d{1,9}$/.test(value)) return undefined;
      const parsed = Number(value);
      return parsed >= minimum && parsed <= maximum ? parsed : undefined;
    },
  };
}

function publicUrl(name: string): Variable<string> {
  return { ...secretUrl(name, ["http:", "https:"]), isSecret: false };
}

function secretUrl(name: string, protocols: readonly string[]): Variable<string> {
  return {
    name,
    expected: `a URL that starts with ${protocols.map((one) => `${one}//`).join(" or ")}`,
    isSecret: true,
    parse: (value) => {
      const url = URL.parse(value);
      return url !== null && protocols.includes(url.protocol) ? value : undefined;
    },
  };
}
