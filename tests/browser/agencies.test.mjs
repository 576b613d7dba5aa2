// The walk of an agency: the manager gives a school secretary an account, adds her to a case for her school alone and asks it; she answers
// on a telephone, sees nothing else of the case, is sent back and corrects; what the school says is signed for it, and the list tells.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accept, axe, browser, choose, daysAgo, desk, fillDay, fits, invitationLink, person, phone, press, shot, start, zoomed } from "./harness.mjs";

let program;
let chrome;
before(async () => {
  program = await start("demo");
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** The page as it has to be, and its picture. */
async function good(page, name, also) {
  await shot(page, `agencies-${name}`, also && `docs/guide/pictures/${also}.png`);
  const before = page.viewportSize();
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    await axe(page);
  }
  await page.setViewportSize(zoomed);
  await fits(page);
  await page.setViewportSize(before);
}

test("a school secretary answers for her school on a telephone, and sees nothing else", async () => {
  const password = program.password();
  const manager = await person(chrome, program.address, { email: "morwenna.tallis@merrowshire.example", password });

  // The account, for the school that is on the partnership's list.
  await manager.goto("/agencies");
  await good(manager, "list", "agencies");
  await manager.getByRole("button", { name: "Add this agency" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /Enter the name of the agency/);
  await manager.goto("/people");
  await manager.locator("#name").fill("Petra Quennell");
  await manager.locator("#email").fill("petra.quennell@larchrow.example");
  await manager.locator("#role").selectOption("agency-author");
  await manager.getByRole("button", { name: "Invite this person" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /Choose the agency this person answers for/);
  await manager.locator("#agency").selectOption({ label: "Larch Row Primary School" });
  await press(manager, "Invite this person");
  await good(manager, "invited");
  await accept(chrome, program.address, await invitationLink(manager), "slate-orchard-lantern-9");

  // The case, the agency in it, and her part.
  await manager.goto("/");
  const home = await manager.locator("main table a", { hasText: "Child B, 10 weeks" }).first().getAttribute("href");
  await manager.goto(`${home}/agencies/agency/new`);
  await manager.locator("#from-register").selectOption({ label: "Larch Row Primary School" });
  await manager.locator("#involvement").fill("The parents' older cousin is a pupil.");
  await press(manager, "Save and continue");
  await manager.goto(`${home}/members`);
  await manager.locator("#person").selectOption({ label: "Petra Quennell, Agency author" });
  await choose(manager, "part", "reads");
  await manager.getByRole("button", { name: "Add this person" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /does not carry this part/);
  await choose(manager, "part", "contributes");
  await manager.locator("#agency").selectOption({ label: "Larch Row Primary School" });
  await manager.locator("#add-why").fill("Answers for the school");
  await press(manager, "Add this person");
  await good(manager, "members");

  // The request: the school is the only one that was never asked, and is chosen already.
  await manager.goto(`${home}/agencies/ask`);
  await good(manager, "ask", "asking");
  await press(manager, "Ask them").catch(() => {});
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /Enter the day by which the answers are wanted/);
  await fillDay(manager, "due", daysAgo(-5));
  await manager.locator("#secure").fill("The visitors' book of the autumn term");
  await press(manager, "Ask them");
  await good(manager, "asked");

  // She signs in on her telephone for the first time, and finds one thing to do.
  const petra = await person(chrome, program.address, { email: "petra.quennell@larchrow.example", password: "slate-orchard-lantern-9", size: phone });
  await petra.goto("/");
  assert.doesNotMatch(await petra.locator("body").innerText(), /Child B/);
  await petra.getByRole("link", { name: "Answer for your agency" }).click();
  await good(petra, "request");
  const words = await petra.locator("body").innerText();
  assert.match(words, /Aurelie Castellow, born/);
  assert.doesNotMatch(words, /Merrow Valley Community Health|Child B|Castellow, the parents/);
  for (const part of ["people", "incident", "consideration", "decision", "family", "documents", "story", "members", "agencies"]) {
    const answer = await petra.goto(`${home}/${part}`);
    assert.equal(answer.status(), 403, part);
  }
  await petra.goto(home);
  await good(petra, "home", "answering");
  await petra.getByRole("link", { name: "Answer", exact: true }).or(petra.getByRole("button", { name: "Answer", exact: true })).first().click();
  await petra.getByRole("button", { name: "Send this answer" }).click();
  assert.match(await petra.locator(".govuk-error-summary").innerText(), /Answer at least one question/);
  await petra.locator("textarea").first().fill("The cousin's class teacher met the mother twice at the gate.");
  await good(petra, "answer");
  await press(petra, "Send this answer");
  assert.match(await petra.locator("main").innerText(), /Not signed by the agency/);

  // Sent back, corrected, and signed for the school by what its head said.
  await manager.goto(`${home}/agencies`);
  await manager.locator("tr", { hasText: "Larch Row" }).getByRole("link", { name: /^Asked/ }).click();
  await manager.getByRole("link", { name: "Send it back" }).click();
  await manager.locator("#note").fill("On which days did the teacher meet her?");
  await press(manager, "Send it back");
  await petra.goto("/");
  await petra.getByRole("link", { name: /Correct your agency/ }).click();
  await petra.getByRole("link", { name: "Change the answer" }).or(petra.getByRole("button", { name: "Change the answer" })).first().click();
  assert.match(await petra.locator("main").innerText(), /On which days did the teacher meet her/);
  assert.match(await petra.locator("textarea").first().inputValue(), /twice at the gate/);
  await petra.locator("textarea").first().fill("The cousin's class teacher met the mother at the gate on two Fridays in September.");
  await press(petra, "Send this answer");
  await manager.reload();
  await manager.getByRole("link", { name: "Sign the answer" }).or(manager.getByRole("button", { name: "Sign the answer" })).first().click();
  await manager.locator("#told-by").fill("Head teacher, by telephone");
  await press(manager, "Sign this answer");
  assert.match(await manager.locator("main").innerText(), /Signed by Head teacher, by telephone/);
  await good(manager, "signed");

  // She answers for a second agency of the same case, each apart, until that ends.
  const health = "Merrow Valley Community Health";
  await manager.goto("/people");
  await manager.getByRole("link", { name: "Petra Quennell" }).click();
  const card = manager.url();
  await manager.getByText("Another agency too").click();
  await manager.getByRole("button", { name: "Add this agency" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /Choose an agency/);
  await manager.locator("#other-agency").selectOption({ label: health });
  await press(manager, "Add this agency");
  await good(manager, "two-agencies");
  await manager.goto(`${home}/members`);
  await manager.locator("#person").selectOption({ label: "Petra Quennell, Agency author" });
  await choose(manager, "part", "contributes");
  await manager.locator("#agency").selectOption({ label: health });
  await manager.locator("#add-why").fill("Covers for the health service's own author");
  await press(manager, "Add this person");
  assert.match(await manager.locator("main").innerText(), /answers for an agency: (Larch Row Primary School; Merrow Valley|Merrow Valley Community Health; Larch Row)/i);
  await petra.goto(home);
  await good(petra, "home-of-two");
  assert.deepEqual((await petra.locator("main h2").allInnerTexts()).slice(0, 2), ["Larch Row Primary School", health]);
  await manager.goto(card);
  await manager.getByText("No longer for one of them").click();
  await manager.locator("#end-agency").selectOption({ label: health });
  await manager.locator("#end-agency-why").fill("Their own author is back");
  await press(manager, "End this");
  await petra.goto(home);
  assert.match(petra.url(), /\/sign-in/);
  assert.deepEqual(petra.complaints, []);
  assert.deepEqual(manager.complaints, []);
});
