// Scripts only add: the pages work without them.
import { createAll, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, SkipLink, Button } from "govuk-frontend";
import "./passkeys.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, SkipLink]) createAll(component);

// Fields that belong to one choice show when it is chosen; without scripts they always show.
// The design system's own script sets aria-expanded on a radio, which its role does not allow.
const reveal = () => {
  for (const input of document.querySelectorAll("input[data-shows]")) {
    const part = document.getElementById(input.dataset.shows);
    if (part) part.hidden = !input.checked;
  }
};
document.addEventListener("change", reveal);
window.addEventListener("pageshow", reveal);
reveal();

// Keeps what is typed on the server while it is typed.
const form = document.querySelector("form[data-keep]");
if (form) {
  const saved = form.querySelector("[data-saved]");
  let timer = null;
  let dirty = false;
  const keep = async () => {
    timer = null;
    if (!dirty) return;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("page", form.dataset.keep);
    try {
      const answer = await fetch("/drafts/keep", { method: "POST", body, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      saved.textContent = `Draft kept at ${new Date().toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" })}. It is not in the record until you save it.`;
    } catch {
      dirty = true;
      saved.textContent = "The draft could not be kept just now. What you typed is still in this page; we keep trying.";
      timer ??= setTimeout(keep, 15000);
    }
  };
  form.addEventListener("input", () => {
    dirty = true;
    timer ??= setTimeout(keep, 4000);
  });
  form.addEventListener("submit", () => {
    dirty = false;
    if (timer) clearTimeout(timer);
  });
}

// Says when the session is about to end; the words are kept, so it need not alarm.
const minutes = Number(document.body.dataset.idleMinutes);
if (minutes > 2) {
  setTimeout(() => {
    const note = document.createElement("div");
    note.className = "c-note";
    note.setAttribute("role", "alert");
    note.textContent = "You will be signed out in 2 minutes if you do nothing. What you have typed is kept and will be here when you sign in again.";
    document.querySelector("main")?.prepend(note);
  }, (minutes - 2) * 60000);
}
