import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { LocalError } from "./errors.ts";
import { SHARED_CACHE } from "./postgres-binaries.ts";
import { canUseFolder, type SystemUser } from "./postgres-user.ts";

export const SUPERUSER = "postgres";

const PASSWORD_FILE = "password";

/**
 * `wanted`, made if it is missing; or, when `user` cannot reach it (a folder of root that is closed
 * to others), a folder of the same machine that belongs to `wanted` alone.
 */
export async function dataFolder(wanted: string, user: SystemUser | undefined): Promise<string> {
  const folder = resolve(wanted);
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user === undefined) return folder;
  await chown(folder, user.uid, user.gid);
  if (canUseFolder(user, folder)) return folder;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const reachable = join(SHARED_CACHE, `data-${name}`);
  await mkdir(dirname(reachable), { recursive: true, mode: 0o755 });
  await mkdir(reachable, { recursive: true, mode: 0o700 });
  await chown(reachable, user.uid, user.gid);
  if (canUseFolder(user, reachable)) return reachable;
  throw new LocalError(
    "postgres-failed",
    `The user ${user.name} can reach neither ${folder} nor ${reachable}: run the command as a user other than root, or set DATABASE_URL to a Postgres of your own.`,
  );
}

/** The password of the cluster's superuser; a new one when there is no cluster yet. */
export async function passwordFor(folder: string): Promise<string> {
  const files = await readdir(folder);
  if (files.includes("PG_VERSION")) return readFile(join(folder, PASSWORD_FILE), "utf8");
  return randomBytes(24).toString("base64url");
}

/** Makes the cluster when there is none yet. */
export async function initialise(
  folder: string,
  password: string,
  initdb: string,
  user: SystemUser | undefined,
): Promise<void> {
  const files = await readdir(folder);
  if (files.includes("PG_VERSION")) return;
  refuseForeignFiles(folder, files);
  await initialiseBeside(folder, password, initdb, user);
}

/** What initdb left when it was killed may be thrown away; anything else may be somebody's. */
function refuseForeignFiles(folder: string, files: readonly string[]): void {
  if (files.length === 0 || files.includes("pg_wal") || files.includes("base")) return;
  throw new LocalError(
    "postgres-failed",
    `The folder ${folder} holds files that are not Postgres's (${files.slice(0, 3).join(", ")}): move them away.`,
  );
}

/** initdb writes PG_VERSION early, so only a whole cluster may get the final name. */
async function initialiseBeside(
  folder: string,
  password: string,
  initdb: string,
  user: SystemUser | undefined,
): Promise<void> {
  const partial = `${folder}.initialising`;
  const passwordFile = `${folder}.password`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: "wx" });
  if (user !== undefined) {
    for (const path of [partial, passwordFile]) await chown(path, user.uid, user.gid);
  }
  await runInitdb(initdb, partial, passwordFile, user);
  await rename(passwordFile, join(partial, PASSWORD_FILE));
  await rm(folder, { recursive: true });
  await rename(partial, folder);
}

async function runInitdb(
  initdb: string,
  folder: string,
  passwordFile: string,
  user: SystemUser | undefined,
): Promise<void> {
  const child = spawn(
    initdb,
    [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-locale",
      "--no-sync",
      "--no-instructions",
    ],
    {
      ...(user && { uid: user.uid, gid: user.gid }),
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C goes to the whole foreground group; initdb is not to die before its caller does.
      detached: true,
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null | Error>((ended) => {
    child.on("error", ended);
    child.on("close", ended);
  });
  if (code === 0) return;
  throw new LocalError(
    "postgres-failed",
    `Postgres could not make its data folder ${folder}: see its last lines, or set DATABASE_URL to a Postgres of your own.`,
    { logLines: output.trimEnd().split("\n").slice(-10), cause: code },
  );
}
