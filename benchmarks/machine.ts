import { cpus, loadavg, totalmem } from "node:os";
import type { Circumstances } from "./results.ts";

export function circumstances(): Circumstances {
  const processors = cpus();
  const memoryGib = Math.round(totalmem() / 1024 ** 3);
  const model = processors[0]?.model.trim() ?? "unknown processor";
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${model}, ${processors.length} cores, ${memoryGib} GiB, Node ${process.version}`,
    load: loadavg()[0]!.toFixed(1),
  };
}
