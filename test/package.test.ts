import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "./support/service.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");
const SERVERLESS = join(ROOT, "node_modules/serverless/bin/serverless.js");

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Policy {
  readonly PolicyDocument: {
    readonly Statement: readonly {
      readonly Action: string | string[];
      readonly Resource: unknown;
    }[];
  };
}

let folder: string;
/** What is in each function's archive, unpacked. */
let bundles: Readonly<Record<string, string>>;
let resources: Readonly<Record<string, Resource>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "package-"));
  // A stack that runs meanwhile must keep its own bundles. Packaging leaves temporary files behind.
  const build = join(folder, "build");
  await run(
    process.execPath,
    [SERVERLESS, "package", "--stage", "dev", "--package", join(folder, "package")],
    { cwd: ROOT, env: { ...process.env, BUILD_FOLDER: relative(ROOT, build), TMPDIR: folder } },
  );
  const names = Object.keys(service.functions);
  bundles = Object.fromEntries(await Promise.all(names.map(unpack)));
  const template = join(folder, "package/cloudformation-template-update-stack.json");
  resources = JSON.parse(await readFile(template, "utf8")).Resources;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("each function is a bundle of its own whose handler Node can load", async () => {
  const zips = (await readdir(join(folder, "package"))).filter((name) => name.endsWith(".zip"));
  expect(zips.sort()).toEqual(
    Object.keys(bundles)
      .map((name) => `${name}.zip`)
      .sort(),
  );
  for (const bundle of Object.values(bundles)) {
    const script = `console.log(typeof (await import("${pathToFileURL(bundle)}")).handler)`;
    // Elsewhere than here, so that nothing of node_modules can help.
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      env: {},
    });
    expect(stdout).toBe("function\n");
  }
});

test("queue and mapping have serverless.yml's numbers", () => {
  const { queue, worker } = service.custom;
  expect(resources["VerifyEmailQueue"]!.Properties).toMatchObject({
    VisibilityTimeout: worker.timeoutSeconds * 6,
    RedrivePolicy: {
      deadLetterTargetArn: { "Fn::GetAtt": ["VerifyEmailDeadLetterQueue", "Arn"] },
      maxReceiveCount: 10,
    },
  });
  expect(resources["VerifyEmailDeadLetterQueue"]!.Properties).toMatchObject({
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
  });
  expect(queue.visibilityTimeoutSeconds).toBe(worker.timeoutSeconds * 6);
  expect(ofType("AWS::Lambda::EventSourceMapping")).toMatchObject([
    {
      BatchSize: worker.batchSize,
      ScalingConfig: { MaximumConcurrency: worker.maximumConcurrency },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    },
  ]);
  const [createUser] = ofType("AWS::Lambda::Function").filter(({ Handler }) =>
    String(Handler).includes("create-user"),
  );
  expect(createUser).toMatchObject({
    Environment: { Variables: { VERIFY_EMAIL_DELAY_SECONDS: "10" } },
  });
});

test("every reference is to a resource of the template, and every right to one such resource", () => {
  const references = referencesIn(resources);
  expect(references).toContain("VerifyEmailQueue");
  expect(references.filter((name) => !(name in resources))).toEqual([]);
  const statements = ofType("AWS::IAM::Role").flatMap(({ Policies }) =>
    (Policies as Policy[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  );
  expect(statements.length).toBeGreaterThan(0);
  for (const statement of statements) {
    expect(statement.Resource).toEqual({ "Fn::GetAtt": [expect.any(String), "Arn"] });
    expect(String(statement.Action)).not.toContain("*");
  }
});

test("the template holds no secret and no local address, and the code no branch for a laptop", async () => {
  const template = JSON.stringify(resources);
  expect(template).not.toMatch(/127\.0\.0\.1|localhost|postgres:\/\/|smtp:\/\//);
  for (const bundle of Object.values(bundles)) {
    expect(await readFile(bundle, "utf8")).not.toContain("IS_OFFLINE");
  }
});

async function unpack(name: string): Promise<[name: string, bundle: string]> {
  const bundle = join(folder, "unpacked", name, "functions", `${name}.mjs`);
  const archive = unzipSync(await readFile(join(folder, "package", `${name}.zip`)));
  await mkdir(dirname(bundle), { recursive: true });
  await writeFile(bundle, archive[`functions/${name}.mjs`]!);
  return [name, bundle];
}

/** The logical ids that `Ref` and `Fn::GetAtt` name at any depth. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref") return String(inner).startsWith("AWS::") ? [] : [String(inner)];
    if (key === "Fn::GetAtt")
      return [String(Array.isArray(inner) ? inner[0] : inner).split(".")[0]!];
    return referencesIn(inner);
  });
}

function ofType(type: string): Resource["Properties"][] {
  return Object.values(resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties);
}
