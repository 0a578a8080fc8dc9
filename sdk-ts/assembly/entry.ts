// What the exports that the compiler writes for a policy are made of.
export { Operation } from "./abi";
export { begin, turnTo } from "./context";
export { learn } from "./names";
export { Create, Delete, List, Update, View } from "./operations";
export { decide } from "./verdict";
