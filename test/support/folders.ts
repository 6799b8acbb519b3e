import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that the user who runs Postgres gets through; removed when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await closedFolder();
  await chmod(folder, 0o711);
  return folder;
}

/** A folder that only its owner may enter; removed when the test has finished. */
export async function closedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "test-folder-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
