// Every scenario, in the order of a story: who one is, what one may do and
// see, and what nobody may.
import batch from "./batch.mjs";
import blocked from "./blocked.mjs";
import bodies from "./bodies.mjs";
import comments from "./comments.mjs";
import crossing from "./crossing.mjs";
import fields from "./fields.mjs";
import files from "./files.mjs";
import headers from "./headers.mjs";
import hidden from "./hidden.mjs";
import hooks from "./hooks.mjs";
import masks from "./masks.mjs";
import naming from "./naming.mjs";
import paths from "./paths.mjs";
import postsRead from "./posts_read.mjs";
import postsWrite from "./posts_write.mjs";
import realtime from "./realtime.mjs";
import signin from "./signin.mjs";
import signinways from "./signinways.mjs";
import signup from "./signup.mjs";
import users from "./users.mjs";

export const scenarios = [
  signup,
  signin,
  signinways,
  users,
  masks,
  postsRead,
  postsWrite,
  comments,
  fields,
  hidden,
  crossing,
  naming,
  files,
  batch,
  realtime,
  headers,
  hooks,
  blocked,
  paths,
  bodies,
];
