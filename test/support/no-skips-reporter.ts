import type { Reporter, TestModule } from "vitest/node";

/** With REQUIRE_ALL=1, as in continuous integration, a skipped test fails the run. */
export default class NoSkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env["REQUIRE_ALL"] !== "1") return;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map(
        (test) => `${module.moduleId}: ${test.fullName}`,
      ),
    );
    if (skipped.length === 0) return;
    process.exitCode = 1;
    console.error(`REQUIRE_ALL=1, but these tests were skipped:\n${skipped.join("\n")}`);
  }
}
