import { randomBytes } from "node:crypto";
import { hashPassword } from "../../lib/passwords.ts";
import { freeStackPorts } from "../../local/ports.ts";
import { sampleUser, signUp } from "../../local/sign-up.ts";
import { startStack } from "../../local/stack.ts";
import type { Figure, Run, Values } from "../figure.ts";
import { withScratchFolder } from "../scratch.ts";
import { percentile } from "../statistics.ts";
import { durationMsOf } from "../timing.ts";

const WARM_UP_REQUESTS = 10;
/** So few that all are done before the first message's delay is over and mails are sent. */
const REQUESTS = 60;

export const signUpTime: Figure = {
  name: "sign-up",
  title: "A sign-up on a warm stack",
  method: `${REQUESTS} times \`POST /users\`, one after the other, through HTTP, serverless-offline, Postgres and the
queue, after ${WARM_UP_REQUESTS} to warm up. After each request the benchmark's own process hashes a password with the
same code and cost, so both see the same machine. The rest is what the median sign-up takes longer.`,
  rows: [
    { key: "p50", label: "sign-up, p50", unit: "ms" },
    { key: "p95", label: "sign-up, p95", unit: "ms" },
    { key: "hashP50", label: "argon2id alone, p50", unit: "ms" },
    { key: "hashP95", label: "argon2id alone, p95", unit: "ms" },
    { key: "share", label: "hashing's share of the median", unit: "%" },
    { key: "rest", label: "the rest", unit: "ms" },
  ],
  measure: (run) => withScratchFolder((folder) => measureOnStack(folder, run)),
};

async function measureOnStack(
  dataDirectory: string,
  { signal, environment, say }: Run,
): Promise<Values> {
  const stack = await startStack({
    dataDirectory,
    ports: await freeStackPorts(),
    environment,
    signal,
  });
  try {
    say("stack is up");
    return await measureRequests(stack.urls.api, signal);
  } finally {
    await stack.stop();
  }
}

async function measureRequests(apiUrl: string, signal: AbortSignal): Promise<Values> {
  const signUpsMs: number[] = [];
  const hashesMs: number[] = [];
  for (let index = -WARM_UP_REQUESTS; index < REQUESTS; index += 1) {
    signal.throwIfAborted();
    const user = { ...sampleUser(), username: `bench_${index + WARM_UP_REQUESTS}` };
    const signUpMs = await durationMsOf(async () => {
      const { status } = await signUp(apiUrl, user);
      if (status !== 201) throw new Error(`POST /users answered ${status}.`);
    });
    const hashMs = await durationMsOf(() => hashPassword(user.password, randomBytes(16)));
    if (index < 0) continue;
    signUpsMs.push(signUpMs);
    hashesMs.push(hashMs);
  }
  const p50 = percentile(signUpsMs, 0.5);
  const hashP50 = percentile(hashesMs, 0.5);
  return {
    p50,
    p95: percentile(signUpsMs, 0.95),
    hashP50,
    hashP95: percentile(hashesMs, 0.95),
    share: (hashP50 / p50) * 100,
    rest: p50 - hashP50,
  };
}
