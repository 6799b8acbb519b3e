/**
 * A handler that is built at its first call and kept for the sandbox's life, so that importing a
 * function's file neither needs an environment nor connects to anything.
 */
export function oncePerSandbox<Args extends unknown[], Result>(
  build: () => (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let built: ((...args: Args) => Promise<Result>) | undefined;
  return async (...args) => (built ??= build())(...args);
}
