import { readFileSync } from "node:fs";

/** The names a list item begins with: "* `one` {type}, `other`". */
const ITEM = /^\s*[*-] (`[^`]+`( \{[^}]*\})?,? ?)+/;
const ROW = /^\|[^|]*\|[^|]*\|/;

/** A document, or a section of one, as far as checks look into it. */
export class Markdown {
  readonly file: string;
  /** Without code blocks, and a list item on one line. */
  readonly #lines: string[];

  constructor(file: string, lines?: string[]) {
    this.file = file;
    this.#lines = lines ?? readFileSync(file, "utf8").replace(/^( *)```.*?^\1```/gms, "")
      .replace(/\n +(?![\s*-])/g, " ").split("\n");
  }

  /** The line of the first heading that is this, or begins with this and then has arguments. */
  heading(title: string): number | undefined {
    const at = this.#lines.findIndex((line) => {
      const text = /^#+ (.*)/.exec(line)?.[1]?.replaceAll("`", "").replace(/^new /, "");
      return text === title || text?.startsWith(`${title}(`);
    });
    return at < 0 ? undefined : at;
  }

  /** What stands below a heading, with the sections within it. */
  section(title: string): Markdown | undefined {
    const start = this.heading(title);
    if (start === undefined) return undefined;
    const level = /^#+/.exec(this.#lines[start]!)![0].length;
    const length = this.#lines.slice(start + 1).findIndex((line) => {
      const marks = /^(#+) /.exec(line)?.[1];
      return marks !== undefined && marks.length <= level;
    });
    const end = length < 0 ? undefined : start + 1 + length;
    return new Markdown(this.file, this.#lines.slice(start + 1, end));
  }

  /** Whether a list item begins with this name as code, or a row of a table has it in one of its first two cells. */
  lists(name: string): boolean {
    return this.#lines.some((line) => hasCode((ITEM.exec(line) ?? ROW.exec(line))?.[0] ?? "", name));
  }

  /** Whether this name stands anywhere as code, or in a heading. */
  mentions(name: string): boolean {
    return this.heading(name) !== undefined || this.#lines.some((line) => hasCode(line, name));
  }

  /** Where links and images lead to. */
  links(): string[] {
    const text = this.#lines.join("\n").replace(/`[^`\n]+`/g, "");
    const links = text.matchAll(
      /\]\(([^)\s]+)\)|<(https?:[^>\s]+)>|<img [^>]*src="([^"]+)"|^\[[^\]]+\]: (\S+)/gm,
    );
    return [...links].map((match) => match.slice(1).find((target) => target !== undefined)!);
  }

  /** What GitHub makes of the headings. */
  anchors(): Set<string> {
    const titles = this.#lines.map((line) => /^#+ (.*)/.exec(line)?.[1]).filter((title) =>
      title !== undefined
    );
    return new Set(
      titles.map((title) => title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")),
    );
  }
}

/** Whether a piece of text has this name as code, perhaps with arguments. */
function hasCode(line: string, name: string): boolean {
  const spans = [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  return spans.some((span) => span === name || span.startsWith(`${name}(`) || span.startsWith(`${name},`));
}
