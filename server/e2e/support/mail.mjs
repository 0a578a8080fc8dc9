// A mail server that keeps what it is sent, as far as PocketBase speaks SMTP
// (RFC 5321): one command a line, no encryption, no sign-in.
import { createServer } from "node:net";
import { eventually } from "./wait.mjs";

/** Takes the mails of the PocketBase that root is a superuser of; its links lead to url. */
export async function catchMails(root, url) {
  const mails = [];
  const server = createServer((socket) => converse(socket, mails));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  await root.settings.update({
    meta: { appURL: url },
    smtp: { enabled: true, host: "127.0.0.1", port: server.address().port, tls: false },
  });
  return {
    /** The text of the next mail to an address, which is taken out. */
    async to(address) {
      const find = () => mails.findIndex((mail) => mail.to.includes(address));
      await eventually(
        () => find() >= 0,
        () => `no mail came to ${address}, but to ${mails.map((mail) => mail.to)}`,
      );
      return mails.splice(find(), 1)[0].text;
    },
    close: () => new Promise((done) => server.close(done)),
  };
}

function converse(socket, mails) {
  let buffer = "",
    to = [],
    data;
  const say = (line) => socket.write(`${line}\r\n`);
  say("220 here");
  socket.setEncoding("latin1").on("error", () => {});
  socket.on("data", (part) => {
    buffer += part;
    for (let end; (end = buffer.indexOf("\r\n")) >= 0; ) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (data) {
        if (line !== ".") data.push(line.replace(/^\./, ""));
        else {
          mails.push({ to, text: decoded(data.join("\n")) });
          [data, to] = [undefined, []];
          say("250 kept");
        }
      } else if (/^DATA/i.test(line)) {
        data = [];
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else {
        to.push(...(/^RCPT TO:<([^>]+)>/i.exec(line)?.slice(1) ?? []));
        say("250 fine");
      }
    }
  });
}

// Quoted-printable, RFC 2045 section 6.7.
const decoded = (text) => text.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
