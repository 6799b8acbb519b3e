import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDirectory } from "../../../emulator/storage/lock.ts";
import { temporaryFolder } from "../../support/folders.ts";
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
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lock"), `${pid}\n`);
  return folder;
}
