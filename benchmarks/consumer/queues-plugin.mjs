/** Serverless takes plugins from packages and from the service's own folder only. */
export { default } from "../../emulator/plugin.ts";
