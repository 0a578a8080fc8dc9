import { confirm, readLink, resend } from "./links.js";

const part = (id) => document.getElementById(id);
const form = part("form");

/** Shows how things stand. `whose`, an address, is put where the text has {}. */
function show(state, title, text = "", whose = "") {
  document.body.className = state;
  document.title = title;
  part("mark").textContent = { done: "✓", failed: "!" }[state] ?? "";
  part("title").textContent = title;
  const [before, after] = text.split("{}");
  const name = document.createElement("strong");
  name.textContent = whose;
  part("text").replaceChildren(before, ...(after === undefined ? [] : [name, after]));
  form.hidden = state !== "asking";
  part("resend").hidden = true;
  if (state === "done" || state === "failed") part("title").focus();
}

const outdated = (wrong) => show("failed", "This link does not work", `${wrong} Ask the app for a new one.`);

/** Asks for a password, and goes on asking until the server takes it. */
function ask(link, { title, text, label, button, again, success }) {
  show("asking", title, text, link.email);
  form.reset();
  part("username").value = again ? link.email : "";
  part("submit").textContent = button;
  form.querySelector("label[for=password]").textContent = label;
  part("password").autocomplete = again ? "new-password" : "current-password";
  part("again").hidden = !again;
  part("passwordConfirm").required = again;
  reveal();
  tell({});
  part("password").focus();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const password = part("password").value;
    const wrong = await once(part("submit"), () =>
      confirm(link, again ? { password, passwordConfirm: part("passwordConfirm").value } : { password }),
    );
    if (wrong?.token) outdated(wrong.token);
    else if (wrong && Object.keys(wrong).length > 0) tell(wrong);
    else if (wrong) succeed(...success);
  };
}

/** Tells what is wrong, each thing at its place, and goes to the first. */
function tell(wrong) {
  part("form-error").textContent = wrong.form ?? "";
  for (const name of ["passwordConfirm", "password"]) {
    part(`${name}-error`).textContent = wrong[name] ?? "";
    part(name).setAttribute("aria-invalid", String(name in wrong));
    if (name in wrong) part(name).focus();
  }
}

/** Runs what a button is for, unless it runs already. */
async function once(button, run) {
  if (button.ariaDisabled === "true") return undefined;
  button.ariaDisabled = "true";
  try {
    return await run();
  } finally {
    button.ariaDisabled = "false";
  }
}

/** Ends well: the address loses its token, which was used. */
function succeed(title, text, whose) {
  form.reset();
  history.replaceState(null, "", location.pathname);
  show("done", title, text, whose);
}

async function verify(link) {
  show("waiting", "One moment…", "Your address is being confirmed.");
  const wrong = await confirm(link);
  if (Object.keys(wrong).length === 0) {
    return succeed("Your address is confirmed", "Thank you. {} is yours, and you can go back to the app.", link.email);
  }
  show("failed", "Your address could not be confirmed", wrong.token ?? Object.values(wrong)[0]);
  part("resend").hidden = false;
  part("resend").onclick = async () => {
    const failed = await once(part("resend"), () => resend(link));
    if (!failed) return;
    const why = Object.values(failed)[0];
    if (why) part("text").textContent = why;
    else show("done", "A new link is on its way", "If {} waits to be confirmed, a mail will be there in a moment.", link.email);
  };
}

function reveal() {
  for (const name of ["password", "passwordConfirm"]) part(name).type = part("show").checked ? "text" : "password";
}

const pages = {
  "confirm-password-reset": (link) =>
    ask(link, {
      title: "Choose a new password",
      text: "It is for {}.",
      label: "New password",
      button: "Set the new password",
      again: true,
      success: ["Your password is changed", "You can go back to the app and sign in with it."],
    }),
  "confirm-email-change": (link) =>
    ask(link, {
      title: "Confirm your new address",
      text: "Type your password, and {} becomes the address of your account.",
      label: "Your password",
      button: "Confirm the new address",
      again: false,
      success: ["Your address is changed", "You can go back to the app and sign in with {}.", link.email],
    }),
  "confirm-verification": verify,
  "oauth2-redirect-success": () => {
    show("done", "Go back to the app", "It signs you in now. You can close this window.");
    window.close(); // which works where the app has opened it
  },
  "oauth2-redirect-failure": () => show("failed", "Signing in failed", "You can close this window, go back to the app and try again."),
  unknown: () => outdated("It is not whole, or leads nowhere."),
};

function start() {
  const link = readLink(location.hash);
  pages[link.kind](link);
}

part("show").addEventListener("change", reveal);
window.addEventListener("hashchange", start);
start();
