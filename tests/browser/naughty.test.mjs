// The Big List of Naughty Strings in a browser: all of them in every text field of a few pages, as a draft and in the record.
// The page has as many elements as with the same words without the signs that mean something to a browser,
// the fields hold what was typed, no dialog opens, and no script of a page complains.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { browser, person, start } from "./harness.mjs";

const strings = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("big-list-of-naughty-strings/blns.json"), "utf8"));
const oneLineBreak = (text) => text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
const all = oneLineBreak(strings.join("\n"));
const plainly = (text) => text.replace(/[<>&"']/g, "x");

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

const count = (page) => page.locator("*:not(.c-note)").count();

/** Every text field of the form that keeps what is typed. */
const fields = (page) => page.locator("form[data-keep] textarea, form[data-keep] input[type=text]:not([inputmode])");

/** Puts a text into every field; a line takes one string, an area takes all. */
async function type(page, area, line) {
  await fields(page).evaluateAll(
    (list, [area, line]) => {
      list.forEach((field, at) => (field.value = field.tagName === "TEXTAREA" ? area : line[at % line.length]));
    },
    [area, line],
  );
}

/** What the fields hold now. */
const held = (page) => fields(page).evaluateAll((list) => list.map((field) => [field.tagName, field.value]));

test("all naughty strings make no new element on a page, and every one stays as it was typed", async () => {
  const email = "morwenna.tallis@merrowshire.example";
  const page = await person(chrome, program.address, { email, password: program.password() });
  page.on("dialog", (dialog) => {
    page.complaints.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const hrefs = await page.locator('main a[href^="/cases/"]').evaluateAll((list) => list.map((a) => a.getAttribute("href")));
  const cases = [...new Set(hrefs.map((href) => href.match(/^\/cases\/[^/?#]+/)[0]))];
  assert.ok(cases.length > 0);
  const begin = cases[0];
  const line = strings.filter((text) => !/[\r\n]/.test(text));
  let compared = 0;
  let pages = 0;
  for (const rest of ["incident", "agencies/process/new", "people/adult/new", "interests/declare", "rapid-review/report", "publication"]) {
    const path = `${begin}/${rest}`;
    const answer = await page.goto(path);
    if (answer.status() !== 200 || (await fields(page).count()) === 0) continue;
    pages += 1;
    const counts = [];
    for (const [area, lines] of [[plainly(all), line.map(plainly)], [all, line]]) {
      await page.goto(path);
      const before = await fields(page).count();
      await type(page, area, lines);
      await page.getByRole("button", { name: "Save as a draft and come back later" }).click();
      await page.goto(path);
      assert.equal(await fields(page).count(), before, path);
      for (const [at, [kind, value]] of (await held(page)).entries()) {
        assert.equal(value, kind === "TEXTAREA" ? area : lines[at % lines.length], `field ${at} of ${path}`);
        compared += 1;
      }
      counts.push(await count(page));
    }
    assert.equal(counts[1], counts[0], `${path} has other elements`);
  }
  assert.ok(pages >= 4, `only ${pages} pages were there`);

  // In the record, and shown where it is read.
  const shown = [];
  for (const text of [`${plainly(all)}\nonce`, plainly(all), all]) {
    await page.goto(`${begin}/incident`);
    await page.locator("form[data-keep] textarea").first().fill(text);
    await page.locator("form[data-keep] input[type=text]:not([inputmode])").evaluateAll((list) => list.forEach((field) => (field.value = "")));
    await page.locator('form[data-keep] button[value="save"]').click();
    assert.match(page.url(), /\/cases\//);
    assert.equal(await page.locator(".govuk-error-summary").count(), 0, await page.locator("main").innerText().then((t) => t.slice(0, 300)));
    await page.goto(`${begin}/incident`);
    assert.equal(await page.locator("form[data-keep] textarea").first().inputValue(), text.trim());
    compared += 1;
    await page.goto(`${begin}/story`);
    const newest = page.locator('main a[href*="/story/"]');
    const numbers = await newest.evaluateAll((list) => list.map((a) => Number(a.getAttribute("href").match(/\/story\/(\d+)/)?.[1] ?? 0)));
    await page.goto(`${begin}/story/${Math.max(...numbers)}`);
    const words = await page.locator("main").textContent();
    assert.ok(words.includes(text.trim()), "every word stands on the page of the entry");
    shown.push(await count(page));
  }
  // Both of these took the place of a text before.
  assert.equal(shown[2], shown[1], "the page of the entry has other elements");
  assert.deepEqual(page.complaints, []);
  console.log(`${strings.length} strings; ${pages} pages, ${compared} fields compared`);
});
