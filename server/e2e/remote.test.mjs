import { after, describe } from "node:test";
import { removeFolders } from "./harness.mjs";
import { scenarios } from "./scenarios/all.mjs";
import { startRemote } from "./support/start.mjs";

const world = await startRemote();
after(async () => {
  await world.stop();
  await removeFolders();
});

describe("remote", () => {
  for (const scenario of scenarios) scenario(world);
});
