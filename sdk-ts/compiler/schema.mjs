// The fields that a collection has, as `hapta-server policy new` noted them in
// .hapta/schema. Names of fields are strings in a policy, so that editors, the
// README and the server's messages all speak of the same thing; this is what
// makes a misspelt one an error all the same, in the manifest too, where names
// have to be written out and no generated constant could stand.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nearest } from "./nearest.mjs";

const ALWAYS = ["id", "collectionId", "collectionName"]; // of every record, fields of the collection or not

/** What a collection's records hold. */
export class Schema {
  constructor(collection, names) {
    this.collection = collection;
    this.names = names;
  }

  /** What is wrong with the name of a field, or "". */
  fault(name) {
    if (ALWAYS.includes(name) || this.names.includes(name)) return "";
    const near = nearest(name, this.names);
    const remedy = near ? `did you mean "${near}"?` : `it has ${this.names.join(", ")}`;
    return `${this.collection} has no field "${name}" in .hapta/schema/${this.collection}.json: ${remedy}`;
  }

  /** The same of a path in a filter, like "author.name": only its first field is the collection's own. */
  faultOfPath(path) {
    const [first] = path.split(/[.:]/);
    return first.includes("_via_") ? "" : this.fault(first);
  }
}

/** The schema noted for a policy in this folder, or null, and then no name is wrong; or what is wrong with the note. */
export async function readSchema(folder, collection) {
  const file = join(folder, ".hapta", "schema", `${collection}.json`);
  let names;
  try {
    names = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return { schema: null };
    if (!(error instanceof SyntaxError)) throw error;
  }
  const isList = Array.isArray(names) && names.every((name) => typeof name === "string");
  if (!isList) return { fault: `${file} is no list of field names: without that file, names are not checked` };
  return { schema: new Schema(collection, names) };
}
