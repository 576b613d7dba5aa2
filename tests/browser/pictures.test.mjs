// The pictures of the guide and of the README, taken from the demo as it is, so that they never show what is no longer there.
// `CANDOUR_PICTURES=1 node --test tests/browser/pictures.test.mjs` writes them into docs/guide/pictures; otherwise they go to test-results/ only.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, person, shot, start } from "./harness.mjs";

let program;
let chrome;
let page;
before(async () => {
  program = await start("demo");
  chrome = await browser();
  const manager = program.people().find((p) => p.words.includes("Business manager"));
  page = await person(chrome, program.address, { email: manager.email, password: program.password() });
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

const picture = (name) => shot(page, name, `docs/guide/pictures/${name}.png`);

/** The address of the case that a person would look at first: the decision is open and something is still to be done. */
async function fullest() {
  await page.goto("/");
  const all = await page.locator('main a[href^="/cases/"]').evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")))]);
  let best = null;
  for (const path of all) {
    await page.goto(path);
    const text = await page.locator("main").innerText();
    const clocks = await page.locator(".c-clock").count();
    if (/Before anyone can sign|What to do next/.test(text) && clocks > (best?.clocks ?? 0)) best = { path, clocks };
  }
  return best?.path ?? assert.fail("no open case in the demo");
}

/** The list of documents of the case that has one. */
async function withDocument() {
  await page.goto("/");
  const all = await page.locator('main a[href^="/cases/"]').evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")))]);
  for (const path of all) {
    await page.goto(`${path}/documents`);
    if (await page.locator('tr[id^="document-"]').count()) return;
  }
  assert.fail("no case of the demo has a document");
}

test("the pictures of the guide are taken", async () => {
  const home = await fullest();
  await page.goto("/");
  await picture("cases");
  await page.goto(home);
  await picture("case");
  await page.goto(`${home}/decision`);
  await picture("decision");
  await page.goto(`${home}/consideration`);
  await picture("consideration");
  await page.locator('main a[href*="/consideration/"]').first().click();
  await picture("criterion");
  await page.goto(`${home}/clocks`);
  await picture("clocks");
  await page.goto(`${home}/family`);
  await picture("family");
  await page.goto(`${home}/story`);
  await picture("story");
  await page.goto("/record");
  await picture("record");
  await withDocument();
  await picture("documents");
  await page.goto("/open-a-case");
  await picture("open-a-case");
  assert.deepEqual(page.complaints, []);
});
