/**
 * The way into `npm start` and `npm run demo`, in JavaScript that any Node can read: one that does
 * not run TypeScript would only say that it does not know the file extension.
 * Usage: node local/run.mjs start|demo [options]
 */
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(
    `Node 24.7 or newer is needed and this is ${process.version}: install Node 24 from https://nodejs.org, then run the command again.`,
  );
  process.exit(1);
}

// Much of a start is compilation, most of it in the child processes, which inherit the variable.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("../node_modules/.cache/compile", import.meta.url),
);
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

const [name] = process.argv.splice(2, 1);
try {
  await import(`./${name}.ts`);
} catch (error) {
  const [, missing] = /^Cannot find package '([^']+)'/.exec(error.message) ?? [];
  if (error.code !== "ERR_MODULE_NOT_FOUND" || missing === undefined) throw error;
  console.error(
    `The package ${missing} is not installed: run \`npm ci\` without --omit, then the command again.`,
  );
  process.exitCode = 1;
}
