// What the library has, as the compiler sees it.
import { CommonFlags, ElementKind } from "assemblyscript";

const LIBRARY = "~lib/hapta";

// The internal names of types.
export const VERDICT = `${LIBRARY}/verdict/Verdict`;
export const VALUE = `${LIBRARY}/value/Value`;
export const CONDITION = `${LIBRARY}/condition/Condition`;
export const WHERE = `${LIBRARY}/condition/Where`;

/** The internal names of a type's class and of all that it extends. */
export function baseNames(type) {
  const names = [];
  for (let one = type.classReference; one; one = one.base) names.push(one.internalName);
  return names;
}

/** What a class of the library has, as it is written: "isBlank", "get()". Empty for any other class. */
export function membersOf(program, className) {
  const names = [];
  if (!className.startsWith(LIBRARY)) return names;
  const element = program.elementsByName.get(className);
  for (let one = element?.prototype ?? element; one; one = one.basePrototype) {
    for (const [name, member] of one.instanceMembers ?? []) {
      if (member.isAny(CommonFlags.Protected | CommonFlags.Constructor)) continue;
      names.push(member.kind === ElementKind.FunctionPrototype ? `${name}()` : name);
    }
  }
  return names;
}

/** What a policy can import from "hapta". */
export function exportsOf(program) {
  return [...program.filesByName.get(`${LIBRARY}/index`)?.exports?.keys() ?? []];
}
