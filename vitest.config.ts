import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Real servers start inside tests; a machine of two busy cores needs room, not retries.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
