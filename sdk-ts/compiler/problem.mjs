/** Something that keeps a policy from being compiled, and where. */
export class Problem {
  constructor(file, message, place = null, remedy = "") {
    this.file = file;
    this.message = message;
    this.line = place?.line ?? 0;
    this.column = place?.column ?? 0;
    this.excerpt = place?.excerpt ?? "";
    this.remedy = remedy;
    this.isSyntax = false;
  }

  toString() {
    const where = this.line ? `${this.file}:${this.line}:${this.column}` : this.file;
    let text = `${where}: ${this.message}`;
    if (this.remedy) text += `\n    ${this.remedy}`;
    if (this.excerpt) text += `\n  | ${this.excerpt}\n  | ${" ".repeat(this.column - 1)}^`;
    return text;
  }
}

/** Line, column (from 1) and the line's text at an offset. */
export function placeAt(text, offset) {
  const before = text.slice(0, offset);
  const begin = before.lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", begin);
  return {
    line: before.split("\n").length,
    column: offset - begin + 1,
    excerpt: text.slice(begin, end < 0 ? text.length : end).replace(/\t/g, " ").trimEnd(),
  };
}
