// An event stream as it comes, for what the official client would not ask.
import { eventually } from "./wait.mjs";

export async function openStream(base) {
  const end = new AbortController();
  const answer = await fetch(`${base}/api/realtime`, { signal: end.signal });
  let text = "",
    ended = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const part of answer.body) text += decoder.decode(part, { stream: true });
  })()
    .catch(() => {})
    .finally(() => (ended = true));
  await eventually(
    () => /"clientId":"(\w+)"/.test(text),
    () => `no client id came: ${answer.status} ${text}`,
  );
  return {
    clientId: /"clientId":"(\w+)"/.exec(text)[1],
    text: () => text,
    get ended() {
      return ended;
    },
    close: () => {
      end.abort();
      return reading;
    },
  };
}
