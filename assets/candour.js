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

// What is copied from a page says where it is from: the case's reference and the page's title, no content beside what was chosen.
const ORIGIN = "application/x-candour-origin";
document.addEventListener("copy", (event) => {
  const field = event.target.closest?.("textarea, input");
  const chosen = field ? field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0) : String(getSelection());
  if (!chosen || !event.clipboardData) return;
  const data = event.clipboardData;
  data.setData("text/plain", chosen);
  if (!field) {
    const box = document.createElement("div");
    box.append(getSelection().getRangeAt(0).cloneContents());
    data.setData("text/html", box.innerHTML);
  }
  const reference = document.body.dataset.case ?? "";
  const page = document.querySelector("h1")?.textContent.trim() ?? "";
  data.setData(ORIGIN, JSON.stringify({ reference, page }));
  event.preventDefault();
});

// What is pasted into a form is noted with where it came from, and the note goes to the record with what is saved.
const noted = form?.querySelector("[data-pasted]");
const plain = (text) => text.replace(/\s+/g, " ").trim().slice(0, 120);
const origin = (data) => {
  try {
    const own = JSON.parse(data.getData(ORIGIN));
    return own.reference ? ["case", own.reference, own.page] : ["page", "", own.page];
  } catch {
    const html = data.getData("text/html");
    if (/schemas-microsoft-com:office:excel/i.test(html)) return ["excel"];
    if (/schemas-microsoft-com:office:word|class="?Mso/i.test(html)) return ["word"];
    return [html ? "page-elsewhere" : "plain"];
  }
};
if (noted) form.addEventListener("paste", (event) => {
  const field = event.target.closest?.("textarea, input");
  if (!field?.name || !event.clipboardData?.getData("text/plain")) return;
  const from = origin(event.clipboardData);
  // A word or a date typed by way of the clipboard is no text; from another case every word counts.
  const other = from[0] === "case" && from[1] !== form.dataset.case;
  if (!other && event.clipboardData.getData("text/plain").length < 40) return;
  const label = plain(form.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent ?? field.name);
  const line = [label, ...from.map(plain)].join("\t");
  if (!noted.value.split("\n").includes(line)) noted.value = `${noted.value}${noted.value ? "\n" : ""}${line}`;
  if (other) {
    const said = document.createElement("p");
    said.className = "c-pasted";
    said.setAttribute("role", "status");
    said.textContent = `This was copied from another case, ${from[1]}. Before it is saved you are asked whether it belongs here.`;
    field.after(said);
  }
});

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
