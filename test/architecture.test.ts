import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const SOURCE_FOLDERS = ["functions", "lib", "emulator", "local", "benchmarks"];

/** Which folders a folder's files may import from, besides packages. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  functions: ["functions", "lib"],
  lib: ["lib"],
  emulator: ["emulator"],
  local: ["local", "functions", "lib", "emulator"],
  benchmarks: ["benchmarks", "local", "functions", "lib", "emulator"],
};

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const files = SOURCE_FOLDERS.flatMap(readFolder);

test("there are sources in every folder of the house", () => {
  for (const folder of SOURCE_FOLDERS) {
    expect(files.some((file) => file.path.startsWith(`${folder}/`))).toBe(true);
  }
});

test("imports go one way", () => {
  const wrong = files.flatMap((file) =>
    relativeImports(file)
      .filter((target) => !MAY_IMPORT[topFolder(file.path)]!.includes(topFolder(target)))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("the environment is read in few places", () => {
  // Programs that are started by hand or by another, and the one module of configuration.
  const allowed =
    /^(lib\/config\.ts|emulator\/(cli|plugin)\.ts|benchmarks\/run\.ts|local\/(run\.mjs|(start|demo|postgres-keeper)\.ts))$/;
  expect(filesWith(/\bprocess\.env\b|\benv\b.*from "node:process"/, allowed)).toEqual([]);
});

test("real time and randomness come from few places", () => {
  const allowed =
    /^(lib\/(clock|ids)\.ts|emulator\/clock\/.*|emulator\/random\.ts|local\/.*|benchmarks\/.*)$/;
  const realTime = /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(|node:timers/;
  const random = /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\brandomInt\(/;
  expect(filesWith(realTime, allowed)).toEqual([]);
  expect(filesWith(random, allowed)).toEqual([]);
});

test("a function file holds no SQL, no SDK and no driver", () => {
  const functions = files.filter((file) => file.path.startsWith("functions/"));
  const foreign =
    /from "(@aws-sdk\/|postgres|nodemailer)|\b(select|insert|update|delete) .*\b(from|into|set)\b/i;
  expect(functions.filter((file) => foreign.test(file.text)).map((file) => file.path)).toEqual([]);
});

test("the poller knows neither SDK nor framework nor HTTP", () => {
  const poller = files.find((file) => file.path === "emulator/lambda/poller.ts")!;
  expect(poller.text).not.toMatch(/@aws-sdk|serverless|node:http|\bfetch\(/);
});

test("one file holds one idea that fits on a few screens", () => {
  const long = files
    .map((file) => ({ path: file.path, lines: file.text.split("\n").length }))
    .filter((file) => file.lines > 300);
  expect(long).toEqual([]);
});

function filesWith(pattern: RegExp, allowed: RegExp): string[] {
  return files
    .filter((file) => pattern.test(withoutComments(file.text)) && !allowed.test(file.path))
    .map((file) => file.path);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function relativeImports(file: SourceFile): string[] {
  const specifiers = [...file.text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
  return specifiers.map((match) =>
    relative(ROOT, resolve(ROOT, dirname(file.path), match[1]!)).replaceAll("\\", "/"),
  );
}

function topFolder(path: string): string {
  return path.split("/")[0]!;
}

function readFolder(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}
