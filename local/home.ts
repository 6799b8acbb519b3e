import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";

/**
 * The person's home folder; `otherwise` where there is none to write to, as for the accounts of
 * services. Serverless keeps a cache in it and ends with a stack trace when it cannot.
 */
export async function writableHome(otherwise: string): Promise<string> {
  try {
    const home = homedir();
    await access(home, constants.W_OK | constants.X_OK);
    return home;
  } catch {
    return otherwise;
  }
}
