import { sleep } from "./waiting.ts";

/** Lines of text with the time since the first step in front. */
export class Timeline {
  readonly #startMs: number;
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;

  /** `startMs`: epoch milliseconds that count as 0. */
  constructor(startMs: number, output: NodeJS.WriteStream) {
    this.#startMs = startMs;
    this.#write = (text) => void output.write(text);
    this.#isTerminal = output.isTTY;
  }

  /** `atMs`: when it happened, in epoch milliseconds. */
  step(atMs: number, text: string): void {
    this.#write(`${this.#offset(atMs)}  ${text}\n`);
  }

  note(text: string): void {
    this.#write(`${" ".repeat(11)}${text}\n`);
  }

  /** One line a second, or in a terminal one line that changes, until `untilMs`. */
  async countDown(untilMs: number, now: () => number, signal: AbortSignal): Promise<void> {
    for (let leftMs; (leftMs = untilMs - now()) > 0;) {
      const text = `... ${Math.ceil(leftMs / 1000)} s until it can be received`;
      if (this.#isTerminal) this.#write(`\r${" ".repeat(11)}${text.padEnd(40)}`);
      else this.note(text);
      // Up to the next whole second.
      await sleep(leftMs % 1000 || 1000, signal);
    }
    if (this.#isTerminal) this.#write(`\r${" ".repeat(52)}\r`);
  }

  #offset(atMs: number): string {
    return `${((atMs - this.#startMs) / 1000).toFixed(3).padStart(7)} s`;
  }
}
