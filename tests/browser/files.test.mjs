// Documents added as files, as a person does it: with and without scripts, at the width of a desk and of a phone.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, browser, desk, fits, folder, person, phone, start, zoomed } from "./harness.mjs";

let program;
let chrome;
let who;
const dir = folder();
const PDF = join(dir, "Perdita notes.pdf");
const PAGE = join(dir, "page.pdf");
before(async () => {
  program = await start("demo");
  chrome = await browser();
  const email = program.people().find((p) => p.words.includes("Business manager")).email;
  who = { email, password: program.password() };
  writeFileSync(PDF, "%PDF-1.7\ninvented");
  writeFileSync(PAGE, "<html><script>document.title = 'no'</script>");
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** The page as it has to be: no finding of the accessibility check, nothing that runs off a narrow screen. */
async function good(page) {
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    await axe(page);
  }
  await page.setViewportSize(zoomed);
  await fits(page);
  await page.setViewportSize(desk);
}

for (const scripts of [true, false]) {
  test(`a document is added, refused with its words kept, saved again and withdrawn, ${scripts ? "with" : "without"} scripts`, async () => {
    const page = await person(chrome, program.address, { ...who, scripts });
    const look = async () => scripts && (await good(page));
    const home = await page
      .locator('a[href^="/cases/"]')
      .evaluateAll((list) => list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/"))[0]);
    await page.goto(`${home}/documents`);
    await page.getByRole("button", { name: "Add a document" }).click();
    await look();

    const send = page.locator('main button[value="save"]');
    await page.locator("#source").fill("Records office, Tilbrook Hospital");
    await page.locator("#file").setInputFiles(PDF);
    await send.click();
    assert.match(await page.locator(".govuk-error-summary").innerText(), /Enter the title of the document/);
    assert.equal(await page.locator("#source").inputValue(), "Records office, Tilbrook Hospital");
    await look();
    await page.locator("#title").fill("Chronology of ward 4");
    await page.locator("#file").setInputFiles(PAGE);
    await send.click();
    assert.match(await page.locator(".govuk-error-summary").innerText(), /none of these by its content/);
    await page.locator("#file").setInputFiles(PDF);
    await send.click();
    assert.match(page.url(), /\/documents$/);
    const row = page.locator("tr", { hasText: "Chronology of ward 4" });
    assert.match(await row.innerText(), /Records office, Tilbrook Hospital/);
    assert.doesNotMatch(await page.locator("main").innerText(), /Perdita/, "the name of the file may be a name");
    await look();

    const saving = page.waitForEvent("download");
    await row.getByRole("link", { name: "Download" }).click();
    const saved = await saving;
    assert.match(saved.suggestedFilename(), /^[A-Z]+-\d{4}-\d{3}-document-\d+\.pdf$/);
    assert.deepEqual(readFileSync(await saved.path()), readFileSync(PDF));

    await row.getByRole("link", { name: "Withdraw" }).click();
    await look();
    await page.locator("#why").fill("It is about another ward");
    await send.click();
    assert.equal(await row.count(), 0);
    await page.locator("summary", { hasText: "Withdrawn documents" }).click();
    assert.match(await page.locator("details").innerText(), /It is about another ward/);
    await look();
    await page.context().close();
  });
}
