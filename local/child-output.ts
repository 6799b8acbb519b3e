import { EventEmitter } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const KEPT_LINES = 200;

/** What a child writes, line by line, with the last lines kept for when it fails. */
export class ChildOutput extends EventEmitter<{ line: [string] }> {
  #last: string[] = [];

  follow(stream: Readable): void {
    createInterface({ input: stream }).on("line", (line) => {
      this.#last.push(line);
      if (this.#last.length > KEPT_LINES) this.#last.shift();
      this.emit("line", line);
    });
  }

  /** Oldest first. */
  lastLines(count = 20): readonly string[] {
    return this.#last.slice(-count);
  }

  get keptLines(): readonly string[] {
    return this.#last;
  }
}
