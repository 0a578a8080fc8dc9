// A load of bounded concurrency: workers that go on doing what they are told
// to, and remember everything that did not go as the rules say.
import { setImmediate as turn } from "node:timers/promises";

export class Load {
  constructor(workers, tasks) {
    this.done = 0;
    this.wrong = [];
    this.going = true;
    this.workers = Array.from({ length: workers }, (_, n) => this.#work(tasks, n));
  }

  async #work(tasks, n) {
    for (let i = n; this.going; i++) {
      const [name, task] = tasks[i % tasks.length];
      try {
        await task();
      } catch (error) {
        this.wrong.push(`${name}: ${error.message} ${error.cause ?? ""}`.slice(0, 400));
      }
      this.done++;
      await turn();
    }
  }

  async stop() {
    this.going = false;
    await Promise.all(this.workers);
  }
}
