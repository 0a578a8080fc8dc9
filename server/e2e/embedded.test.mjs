import { after, describe } from "node:test";
import { removeFolders } from "./harness.mjs";
import { scenarios } from "./scenarios/all.mjs";
import { startEmbedded } from "./support/start.mjs";

const world = await startEmbedded();
after(async () => {
  await world.stop();
  await removeFolders();
});

describe("embedded", () => {
  for (const scenario of scenarios) scenario(world);
});
