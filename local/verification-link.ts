import { LocalError } from "./errors.ts";

/** The first link in a mail's text. */
export function linkIn(text: string): URL {
  const found = /https?:\/\/\S+/.exec(text)?.[0];
  if (found === undefined) throw new LocalError("step-missed", `The mail has no link:\n${text}`);
  return new URL(found);
}

/** Opens the link as a browser does: the page, then the form that its button sends. */
export async function followLink(link: URL): Promise<{ page: Response; form: Response }> {
  const page = await fetch(link);
  const form = await fetch(new URL(link.pathname, link), {
    method: "POST",
    headers: { accept: "text/html" },
    body: link.searchParams,
  });
  return { page, form };
}
