import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockDirectory } from "../../../emulator/storage/lock.ts";
import { stranger, zombie } from "../../support/strangers.ts";

test("the lock of a process that lives holds", async () => {
  const folder = await lockedBy(await stranger());
  await expect(lockDirectory(folder)).rejects.toMatchObject({ code: "locked" });
});

test("the lock of a process that has ended, though its id is not free yet, is taken over", async () => {
  const unlock = await lockDirectory(await lockedBy(await zombie()));
  await unlock();
});

async function lockedBy(pid: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "test-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "lock"), `${pid}\n`);
  return folder;
}
