// What policies import. README.md shows how it is used.
export { Kind, Modifier, Reason } from "./abi";
export { Condition, Where, where } from "./condition";
export { Context } from "./context";
export { Fields, fields } from "./fields";
export { Incoming } from "./incoming";
export { log } from "./log";
export { Create, Delete, List, Update, View } from "./operations";
export { Record, Records } from "./record";
export { Value } from "./value";
export { Verdict, allow, hide, refuse } from "./verdict";
