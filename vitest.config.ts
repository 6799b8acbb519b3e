import { defineConfig } from "vitest/config";

const LONG = "test/**/long/**/*.test.ts";

export default defineConfig({
  test: {
    // Real servers start inside tests; a machine of two busy cores needs room, not retries.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for processes that they started, so two files at once fit on two cores.
    maxWorkers: 2,
    globalSetup: "./test/support/global-setup.ts",
    reporters: ["default", "./test/support/no-skips-reporter.ts"],
    projects: [
      {
        extends: true,
        test: { name: "quick", include: ["test/**/*.test.ts"], exclude: [LONG] },
      },
      { extends: true, test: { name: "long", include: [LONG], testTimeout: 300_000 } },
    ],
  },
});
