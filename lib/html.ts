const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template tag whose values are text: whatever they hold, it is shown and not interpreted. */
export function html(parts: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: parts }, ...values.map(escape));
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
