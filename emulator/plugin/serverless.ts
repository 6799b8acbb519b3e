/** The parts of Serverless's and serverless-offline's objects that the plugin uses. */
export interface Serverless {
  readonly service: Service;
  readonly pluginManager: { getPlugins(): readonly object[] };
  /** Serverless prints an error of this class as its message, without a stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: "aws"): {
    getRegion(): string;
    readonly naming: { getStackName(): string };
  };
}

export interface Service {
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
  readonly provider: {
    readonly timeout?: number;
    environment?: Record<string, unknown>;
  };
  readonly resources?: { readonly Resources?: Readonly<Record<string, CloudResource>> } | undefined;
  getAllFunctions(): readonly string[];
  getFunction(key: string): FunctionDefinition;
}

export interface CloudResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface FunctionDefinition {
  /** The name under which it is deployed, and under which serverless-offline invokes it. */
  readonly name: string;
  /** Seconds. */
  readonly timeout?: number;
  environment?: Record<string, unknown>;
  readonly events?: readonly Readonly<Record<string, unknown>>[];
}

export interface ServerlessOffline {
  /** Stops its servers and ends its worker threads at once; then exits unless told not to. */
  end(skipExit?: boolean): Promise<void>;
}

/** Where Serverless lets a plugin write. */
export interface PluginLog {
  notice(line: string): void;
  warning(line: string): void;
  error(line: string): void;
}
