import { execFileSync, spawnSync } from "node:child_process";

/** An account of the operating system. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. Root runs it as an account that every system has or that a
 * Postgres package made; none is created. Anybody else runs it as himself: undefined.
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return systemUser("postgres") ?? systemUser("nobody");
}

/** Whether `user` may run this program, which includes reaching it and its shared libraries. */
export function canRun(user: SystemUser, program: string): boolean {
  return runAs(user, program, ["--version"]);
}

/** Whether `user` may go into this folder and write there. */
export function canUseFolder(user: SystemUser, folder: string): boolean {
  return runAs(user, "/bin/sh", ["-c", 'cd "$1" && test -w .', "sh", folder]);
}

function runAs(user: SystemUser, program: string, args: readonly string[]): boolean {
  const { status } = spawnSync(program, args, {
    uid: user.uid,
    gid: user.gid,
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

function systemUser(name: string): SystemUser | undefined {
  try {
    const [uid, gid] = ["-u", "-g"].map((what) =>
      Number(execFileSync("id", [what, name], { encoding: "utf8", stdio: "pipe" })),
    );
    return { name, uid: uid!, gid: gid! };
  } catch {
    return undefined;
  }
}
