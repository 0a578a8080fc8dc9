// The listener with a certificate, made by what Go brings along.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, describe, it } from "node:test";
import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { folderWithPolicies, launchServer, removeFolders } from "./harness.mjs";
import { freePort } from "./support/ports.mjs";

const execute = promisify(execFile);
after(removeFolders);

function ask(url, ca) {
  return new Promise((done, failed) =>
    get(url, { ca, agent: false }, (answer) => {
      let text = "";
      answer
        .setEncoding("utf8")
        .on("data", (part) => (text += part))
        .on("end", () => done({ status: answer.statusCode, text }));
    }).on("error", failed),
  );
}

describe("SSL_ENABLED", () => {
  it("serves TLS and nothing else", async () => {
    const dir = await folderWithPolicies("hapta-tls"),
      port = await freePort();
    const { stdout: root } = await execute("go", ["env", "GOROOT"]);
    await execute("go", ["run", join(root.trim(), "src/crypto/tls/generate_cert.go"), "--host", "127.0.0.1", "--ecdsa-curve", "P256"], {
      cwd: dir,
    });
    await writeFile(join(dir, "hapta.toml"), '[tls]\ncert = "cert.pem"\nkey = "key.pem"\n');
    const server = launchServer(dir, port, { args: ["--demo"], env: { SSL_ENABLED: "true", HAPTA_UPSTREAM_DASHBOARD: "" } });
    await server.logged("listening");
    const { status, text } = await ask(
      `https://127.0.0.1:${port}/api/collections/posts/records?perPage=1`,
      await readFile(join(dir, "cert.pem")),
    );
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).items.length, 1);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api/hapta/health/live`));
    await server.stop();
  });
});
