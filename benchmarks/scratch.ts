import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives `use` a folder of its own and removes it afterwards. */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "signup-bench-"));
  try {
    // When root measures, Postgres runs as another user who has to get through.
    await chmod(folder, 0o711);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
