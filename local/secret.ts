import { randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";

/** The secret in this file; made at random, readable by its owner only, when there is none yet. */
export async function persistentSecret(file: string): Promise<string> {
  const complete = `${file}.${process.pid}`;
  try {
    // It gets its name when it is whole, so that a killed start leaves no empty one.
    await writeFile(complete, randomBytes(32).toString("base64url"), { mode: 0o600 });
    await link(complete, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(complete, { force: true });
  }
  return readFile(file, "utf8");
}
