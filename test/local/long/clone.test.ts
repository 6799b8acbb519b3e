import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { ROOT, runCommand } from "../command.ts";
import { killAll, processesLeftIn, processesOf } from "../processes.ts";

const run = promisify(execFile);

test("a clone that only its owner may enter, be it root, shows the demo after its packages are there", async () => {
  // Of mode 0700, so that the user who runs Postgres does not get in.
  const folder = await mkdtemp(join(tmpdir(), "test-clone-"));
  onTestFinished(async () => {
    await killAll(processesOf(folder));
    await rm(folder, { recursive: true, force: true });
  });
  const clone = join(folder, "clone");
  await run("git", ["clone", "--quiet", "--no-hardlinks", ROOT, clone]);
  await installPackages(clone);
  const temporary = await mkdtemp(join(tmpdir(), "test-clone-tmp-"));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  await run("chmod", ["711", temporary]);

  const demo = runCommand("npm", ["run", "demo", "--", "--skip"], {
    cwd: clone,
    env: { PATH: pathWithout(join(ROOT, "node_modules")), TMPDIR: temporary },
  });
  expect(await demo.ended, demo.output).toBe("exit 0");
  expect(demo.output).toMatch(/^ +\d+\.\d{3} s {2}alice_\w+ is verified$/m);
  expect(await processesLeftIn(temporary)).toEqual([]);
  expect(await processesLeftIn(folder)).toEqual([]);
  // On newer Nodes npm keeps its own compiled code there.
  const left = (await readdir(temporary)).filter((name) => name !== "node-compile-cache");
  expect(left).toEqual([]);
  const { stdout } = await run("git", ["status", "--porcelain"], { cwd: clone });
  expect(stdout).toBe("");
});

/** From npm's cache; where that does not hold all of them, those of this checkout. */
async function installPackages(clone: string): Promise<void> {
  try {
    await run("npm", ["ci", "--offline", "--no-audit", "--no-fund"], {
      cwd: clone,
      env: { ...process.env, PATH: pathWithout(join(ROOT, "node_modules")) },
    });
  } catch {
    await rm(join(clone, "node_modules"), { recursive: true, force: true });
    await run("cp", ["-a", join(ROOT, "node_modules"), clone]);
  }
}

/** The person's own, so that npm alone puts the clone's Node in front. */
function pathWithout(folder: string): string {
  const entries = (process.env["PATH"] ?? "").split(":");
  return entries.filter((entry) => !entry.startsWith(folder)).join(":");
}
