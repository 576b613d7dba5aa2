// A legal hold, and words of another family: hidden, proposed, approved by a second person with the password, erased, and the line
// that stands in their place. Each page is checked at the width of a desk and of a phone, and its picture taken.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, choose, good as looked, person, press, results, start } from "./harness.mjs";

let program;
let chrome;
const people = {};
before(async () => {
  program = await start("demo");
  chrome = await browser();
  for (const [name, email] of [["manager", "morwenna.tallis"], ["delegate", "harriet.wexcombe"], ["reader", "josephine.amblecote"]]) {
    people[name] = await person(chrome, program.address, { email: `${email}@merrowshire.example`, password: program.password() });
  }
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** The page, looked at in every way, with its picture. */
const good = (page, name, also) => looked(page, `erasure-${name}`, also);

const cases = (page) =>
  page.locator('main a[href^="/cases/"]').evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")))]);

/** A case of both in which an entry can be marked as made in error, and the newest such entry. */
async function found() {
  await people.delegate.goto("/");
  const theirs = await cases(people.delegate);
  await people.manager.goto("/");
  for (const home of await cases(people.manager)) {
    if (!theirs.includes(home)) continue;
    await people.manager.goto(`${home}/story?part=consideration`);
    const marks = await people.manager.locator('main a[href$="/mark"]').evaluateAll((list) => list.map((a) => a.getAttribute("href")));
    if (marks.length > 1) return { home, entry: marks[0].split("/").at(-2), other: marks[1].split("/").at(-2) };
  }
  return assert.fail("no case of the demo has an entry to mark");
}

test("a hold is placed and lifted, an entry waits, and one of another family goes at once and leaves a line", async () => {
  const { manager, delegate, reader } = people;
  const { home, entry, other } = await found();
  await manager.goto(`${home}/erasure`);
  await good(manager, "none");
  await manager.getByRole("button", { name: "Place a legal hold" }).click();
  await good(manager, "hold");
  await manager.getByRole("button", { name: "Place the hold" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /who requires the hold/);
  await manager.locator("#required-by").fill("the coroner for Merrowshire");
  await manager.locator("#why").fill("Inquest opened, letter of 3 November");
  await press(manager, "Place the hold");
  await good(manager, "held");
  await delegate.goto(home);
  assert.match(await delegate.locator("body").innerText(), /Legal hold, required by the coroner for Merrowshire/);
  await good(delegate, "held-case");
  await manager.getByRole("link", { name: /Lift this hold/ }).click();
  await good(manager, "lift");
  await manager.locator("#why").fill("The inquest ended");
  await press(manager, "Lift the hold");

  // One that waits.
  await manager.goto(`${home}/story/${other}`);
  await good(manager, "entry");
  await manager.getByRole("link", { name: "Propose that its content is erased" }).click();
  await good(manager, "propose");
  await choose(manager, "rule", "court-order");
  await manager.locator("#why").fill("Order of the family court of 12 November");
  await press(manager, "Propose this erasure");
  await good(manager, "proposed");
  await delegate.goto("/");
  await good(delegate, "needs-you");
  await delegate.getByRole("link", { name: /Read what is proposed to be erased/ }).first().click();
  await delegate.getByRole("link", { name: /Read and approve/ }).click();
  await good(delegate, "approve");
  await delegate.getByLabel("Your password, again").fill("not it");
  await delegate.getByRole("button", { name: "Approve this erasure" }).click();
  await good(delegate, "approve-wrong");
  await delegate.getByLabel("Your password, again").fill(program.password());
  await press(delegate, "Approve this erasure");
  await good(delegate, "approved");

  // One that does not.
  await manager.goto(`${home}/story/${entry}/mark`);
  await manager.locator("#why").fill("It is about another family");
  await choose(manager, "hidden", "yes");
  await manager.locator('input[name="visible-to"]').first().check({ force: true });
  await press(manager, /Mark/);
  await manager.goto(`${home}/erasure/propose/entry-${entry}`);
  await choose(manager, "rule", "another-family");
  await manager.locator("#why").fill("Entered in the wrong case");
  await press(manager, "Propose this erasure");
  await delegate.goto(`${home}/erasure`);
  await delegate.getByRole("link", { name: /Read and approve/ }).click();
  await good(delegate, "approve-at-once");
  await delegate.getByLabel("Your password, again").fill(program.password());
  await press(delegate, "Approve this erasure");
  await good(delegate, "carried-out");
  await delegate.goto(`${home}/story`);
  assert.match(await delegate.locator("main").innerText(), new RegExp(`content erased on[^]*Entry ${entry} in full`));
  await good(delegate, "story");
  await delegate.goto(`${home}/story/${entry}`);
  await good(delegate, "line");
  await manager.goto("/erasures");
  await good(manager, "list");
  const pdf = await manager.request.get(await manager.locator('a[href$="/pdf"]').first().getAttribute("href"));
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 4).toString(), "%PDF");
  writeFileSync(join(results, "erasure-certificate.pdf"), await pdf.body());
  await manager.goto(`${home}/erasure/propose/case`);
  await good(manager, "propose-case");
  assert.equal((await reader.goto("/erasures")).status(), 403);
  for (const page of [manager, delegate]) assert.deepEqual(page.complaints, []);
});
