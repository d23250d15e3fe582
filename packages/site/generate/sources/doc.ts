/** A docstring, taken apart: what it says, and what its tags say. */

/** What a docstring says. The texts are as they are written, links included. */
export interface Doc {
  /** What stands before the first tag. */
  readonly text: string;
  /** What stands behind each tag, in order. */
  readonly tags: readonly Tag[];
}

/** A tag of a docstring, and the text behind it. */
export interface Tag {
  /** Without its `@`: `"throws"`. */
  readonly name: string;
  /** What stands behind it. */
  readonly text: string;
}

/** Nobody has written one. */
export const noDoc: Doc = { text: "", tags: [] };

/** Takes a comment apart, from its `/**` to its end. */
export function docIn(comment: string): Doc {
  const lines = comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const [text = "", ...tags] = lines
    .join("\n")
    .trim()
    .split(/(?:^|\n)[ ]*@(?=[a-z])/);
  return { text: text.trim(), tags: tags.map(tagIn) };
}

function tagIn(text: string): Tag {
  const [, name = "", rest = ""] = /^([a-z]+)\s*([^]*)$/i.exec(text) ?? [];
  return { name, text: rest.trim() };
}

/** What stands behind the tags of one name. */
export function tagsOf({ tags }: Doc, name: string): string[] {
  return tags.filter((tag) => tag.name === name).map(({ text }) => text);
}
