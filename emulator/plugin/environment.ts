import { PluginError } from "./plugin-error.ts";
import type { Service } from "./serverless.ts";
import { resolveTemplate, type TemplateValues } from "./template.ts";

/**
 * Replaces intrinsic functions in the environment of provider and functions by queue URLs, ARNs and
 * names; serverless-offline would hand `[object Object]` to the handlers. Answers a sentence for
 * each variable that has no value on a laptop; these stay as they are.
 */
export function resolveEnvironments(service: Service, values: TemplateValues): string[] {
  const functions = service.getAllFunctions().map((key) => ({
    owner: `function \`${key}\``,
    environment: service.getFunction(key).environment,
  }));
  const all = [{ owner: "provider", environment: service.provider.environment }, ...functions];
  return all.flatMap(({ owner, environment = {} }) => resolveIn(environment, owner, values));
}

function resolveIn(
  environment: Record<string, unknown>,
  owner: string,
  values: TemplateValues,
): string[] {
  const unresolved: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    try {
      environment[name] = resolveTemplate(value, values);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      unresolved.push(`Environment variable ${name} of ${owner}: ${error.message}`);
    }
  }
  return unresolved;
}
