import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const NEWCOMERS_PAGES = ["README.md", "CONTRIBUTING.md", "emulator/README.md", "docs/api.md"];

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

const { scripts, allowScripts } = JSON.parse(read("package.json")) as Package;

test("the README is short and names the commands that matter as they are", () => {
  const readme = read("README.md");
  expect(readme.split("\n").length).toBeLessThan(150);
  for (const command of ["npm ci && npm run demo", "npm start", "npm ci && npm test"]) {
    expect(readme).toContain(command);
  }
  expect(read(".ci/run")).toMatch(/^npm ci\nnpm test\nnpm run test:long$/m);
});

test.each(NEWCOMERS_PAGES)("every command and every link of %s leads somewhere", (page) => {
  const text = read(page);
  const commands = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)];
  const names = commands.map((match) => match[1] ?? match[2]!);
  expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);

  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
});

test("npm asks about no install script that is not decided on", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as Lock;
  const undecided = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
    .filter((name) => allowScripts[name] === undefined);
  expect(undecided).toEqual([]);
});

test.each([
  ["1", 1],
  ["", 0],
])("with REQUIRE_ALL=%s a run with a skipped test ends with %i", async (requireAll, exitCode) => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const fixture = join(import.meta.dirname, "support/fixtures/skipped");
  execFile(
    process.execPath,
    [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--root", fixture],
    { env: { ...process.env, REQUIRE_ALL: requireAll } },
    (error) => resolve(Number(error?.code ?? 0)),
  );
  expect(await promise).toBe(exitCode);
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
