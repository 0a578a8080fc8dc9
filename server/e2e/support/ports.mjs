// Ports that nobody listens on, below the range that outgoing connections take
// theirs from.
import { createServer } from "node:net";
import { randomInt } from "node:crypto";

const given = new Set();

export async function freePort() {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    if (!given.has(port) && (await canListen(port))) {
      given.add(port);
      return port;
    }
  }
}

function canListen(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}
