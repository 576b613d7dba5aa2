// The paste from another case: text copied from one case and pasted into another is pointed out beside the field, asked about before it
// is saved, and noted in the record; so are names of people of another case, typed by hand and without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, good as looked, person, press, start } from "./harness.mjs";

let program;
let chrome;
let manager;
before(async () => {
  program = await start("demo");
  chrome = await browser();
  manager = { email: "morwenna.tallis@merrowshire.example", password: program.password() };
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** Two cases of the manager that have a summary of what happened: their addresses and references. */
async function twoCases(page) {
  await page.goto("/");
  const links = await page.locator('main a[href^="/cases/"]').evaluateAll((list) => list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")));
  const cases = [];
  for (const home of [...new Set(links)]) {
    const answer = await page.goto(`${home}/incident`);
    if (answer.status() !== 200 || !(await page.locator("#summary").count())) continue;
    const summary = await page.locator("#summary").inputValue();
    if (summary.length < 60) continue;
    const reference = (await page.locator(".c-identity").innerText()).match(/MER-\d{4}-\d{3}/)[0];
    cases.push({ home, reference, summary });
    if (cases.length === 2) return cases;
  }
  throw new Error("the demo has no two cases with a summary");
}

/** The page, looked at in every way, with its picture. */
const good = (page, name, also) => looked(page, `pasted-${name}`, also);

test("what is pasted from another case is pointed out, asked about and noted in the record", async () => {
  const page = await person(chrome, program.address, manager);
  const [from, to] = await twoCases(page);
  await page.goto(`${from.home}/incident`);
  await page.locator("#summary").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+C");

  await page.goto(`${to.home}/incident`);
  await page.locator("#summary").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+V");
  const typed = await page.locator("#summary").inputValue();
  assert.ok(typed.includes(from.summary) && typed.startsWith(to.summary), "the text itself is pasted as ever");
  assert.match(await page.locator(".c-pasted").innerText(), new RegExp(`another case, ${from.reference}`));
  await good(page, "beside-the-field");

  await page.getByRole("button", { name: "Save what is known" }).first().click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /confirm that it belongs here/);
  assert.match(await page.locator("main").innerText(), new RegExp(`from another case, ${from.reference}`));
  assert.equal(await page.locator("#summary").inputValue(), typed, "nothing typed is lost");
  await good(page, "asked");
  await page.getByLabel("I have read it again, and it belongs here").check();
  await press(page, "Save what is known");
  await page.goto(`${to.home}/story`);
  assert.match(await page.locator("main").innerText(), new RegExp(`Text was pasted into .* from another case, ${from.reference}`));
  await good(page, "in-the-record");

  // Back in its own case it is no surprise.
  await page.goto(`${from.home}/incident`);
  await page.locator("#summary").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+V");
  assert.equal(await page.locator(".c-pasted").count(), 0);
  assert.deepEqual(page.complaints, []);
});
