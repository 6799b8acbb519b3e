/** A line of the demo with a word in the place of everything that differs from run to run. */
export function withoutChance(line: string): string {
  return line
    .trim()
    .replace(/\d+\.\d+ s/, "TIME s")
    .replace(/\d+ ms/, "N ms")
    .replace(/alice_[a-z0-9]+/, "USER")
    .replace(/:\d+\//, ":PORT/")
    .replace(/id=[0-9a-f-]{36}&code=[\w-]{43}/, "id=ID&code=CODE");
}

/** The times at the beginnings of lines, in seconds. */
export function timesIn(output: string): number[] {
  return [...output.matchAll(/^ *(\d+\.\d{3}) s {2}/gm)].map((match) => Number(match[1]));
}
