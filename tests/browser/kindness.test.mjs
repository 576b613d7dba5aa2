// When something goes wrong, nothing typed is lost and the page says what to do: bad dates, a double click, two people at once,
// a page left open too long, with and without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, choose, daysAgo, fillDay, person, press, start, secondStep } from "./harness.mjs";

let program;
let chrome;
let who;
let home;
before(async () => {
  program = await start("demo");
  chrome = await browser();
  const email = (part) => program.people().find((p) => p.words.includes(part))?.email ?? assert.fail(`nobody is ${part}`);
  who = { manager: { email: email("Business manager"), password: program.password() }, deputy: { email: email("Deputy business manager"), password: program.password() } };
  const page = await person(chrome, program.address, who.deputy);
  // A case that both the manager and the deputy run and that is still open.
  const mine = await page.locator('a[href^="/cases/"]').evaluateAll((list) => list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")));
  await page.context().close();
  const other = await person(chrome, program.address, who.manager);
  for (const path of new Set(mine)) {
    const answer = await other.goto(`${path}/incident`);
    if (answer.status() === 200 && (await other.locator('button[value="save"]').count())) {
      home = path;
      break;
    }
  }
  await other.context().close();
  assert.ok(home, "the manager and the deputy share a case");
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

const WORDS = "Words typed with care, an “é”, a < sign,\n\na second paragraph & 100%.";

for (const scripts of [true, false]) {
  const mode = scripts ? "with scripts" : "without scripts";

  test(`a bad date is marked and said kindly, and every word is still there, ${mode}`, async () => {
    const page = await person(chrome, program.address, { ...who.manager, scripts });
    await page.goto(`${home}/incident`);
    await page.locator("#summary").fill(WORDS);
    await page.locator('[name="happened-on-day"]').fill("31");
    await page.locator('[name="happened-on-month"]').fill("2");
    await page.locator('[name="happened-on-year"]').fill("2026");
    await page.locator('button[name="do"][value="save"]').click();
    assert.match(await page.title(), /^Error: /);
    const summary = page.locator(".govuk-error-summary");
    assert.match(await summary.innerText(), /Enter a real date, like 27 3 2026/);
    assert.equal(await page.locator("#summary").inputValue(), WORDS);
    assert.equal(await page.locator('[name="happened-on-day"]').inputValue(), "31");
    // The field is marked, in words, and the summary leads to a box one can type in.
    assert.match(await page.locator("#happened-on-error").innerText(), /Enter a real date/);
    const target = (await summary.getByRole("link").getAttribute("href")).slice(1);
    assert.equal(await page.locator(`[id="${target}"]`).evaluate((e) => e.tagName), "INPUT");
    if (scripts) {
      assert.ok(await summary.evaluate((e) => e.contains(document.activeElement)), "the summary has the focus");
      await axe(page);
    }
    // It is also kept for when one comes back.
    await page.goto("/");
    await page.goto(`${home}/incident`);
    assert.equal(await page.locator("#summary").inputValue(), WORDS);
    await page.getByRole("button", { name: /Put the draft away/ }).click();
    assert.notEqual(await page.locator("#summary").inputValue(), WORDS);
    await page.context().close();
  });

  test(`two people at once see both texts and choose, ${mode}`, async () => {
    const [one, two] = await Promise.all([person(chrome, program.address, { ...who.manager, scripts }), person(chrome, program.address, { ...who.deputy, scripts })]);
    await one.goto(`${home}/incident`);
    await two.goto(`${home}/incident`);
    await one.locator("#summary").fill(`The manager's words, ${mode}.`);
    await one.locator('button[name="do"][value="save"]').click();
    assert.equal(await one.locator(".govuk-error-summary").count(), 0);
    await two.locator("#summary").fill(`The deputy's words, ${mode}.`);
    await two.locator('button[name="do"][value="save"]').click();
    const text = await two.locator("main").innerText();
    assert.match(text, /This page was changed while you were writing/);
    assert.match(text, new RegExp(`The manager's words, ${mode}`), "theirs is shown");
    assert.equal(await two.locator("#summary").inputValue(), `The deputy's words, ${mode}.`, "mine is still there");
    if (scripts) await axe(two);
    await two.locator('button[name="do"][value="save"]').click();
    assert.equal(await two.locator(".govuk-error-summary").count(), 0);
    await one.goto(`${home}/incident`);
    assert.equal(await one.locator("#summary").inputValue(), `The deputy's words, ${mode}.`);
    await one.goto(`${home}/story`);
    assert.match(await one.locator("main").textContent(), new RegExp(`The manager's words, ${mode}`), "the earlier words stay in the story");
    await one.context().close();
    await two.context().close();
  });

  test(`sending a form twice records it once, ${mode}`, async () => {
    const page = await person(chrome, program.address, { ...who.manager, scripts });
    await page.goto(`${home}/incident/contact`);
    const body = await page.locator('form[method="post"]:has([name="form-token"])').evaluate((form) => [...new FormData(form)].map(([k, v]) => [k, String(v)]));
    const count = async () => {
      await page.goto(`${home}/story`);
      return (await page.locator("main").innerText()).split("Lindsey Oakapple").length - 1;
    };
    const marked = new URLSearchParams(body);
    const names = [...marked.keys()].filter((n) => !["csrf", "form-token", "based-on"].includes(n));
    for (const name of names) {
      if (name.endsWith("-day")) marked.set(name, "2");
      else if (name.endsWith("-month")) marked.set(name, "3");
      else if (name.endsWith("-year")) marked.set(name, "2026");
      else marked.set(name, `Lindsey Oakapple ${mode} ${name}`);
    }
    marked.set("do", "save");
    const before = await count();
    const send = () => page.request.post(`${program.address}${home}/incident/contact`, { data: marked.toString(), headers: { "content-type": "application/x-www-form-urlencoded", origin: program.address }, maxRedirects: 0 });
    const answers = await Promise.all([send(), send()]);
    for (const answer of answers) assert.ok([303, 409].includes(answer.status()), `${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
    assert.equal(answers.filter((a) => a.status() === 303).length >= 1, true);
    const once = (await count()) - before;
    assert.ok(once > 0, "it is in the story");
    await send();
    assert.equal((await count()) - before, once, "a third sending adds nothing");
    await page.context().close();
  });
}

for (const scripts of [true, false]) {
  test(`Enter in a line of text saves the form, and does not add a row, ${scripts ? "with scripts" : "without scripts"}`, async () => {
    const page = await person(chrome, program.address, { ...who.manager, scripts });
    await page.goto(`${home}/consideration/improvements`);
    const rows = await page.locator('[name="evidence-rows"]').inputValue();
    const field = page.locator("#considered-people");
    const words = `Considered by those present, ${scripts}`;
    await field.fill(words);
    const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes("/consideration/"));
    await field.press("Enter");
    const sent = new URLSearchParams((await answered).request().postData());
    assert.deepEqual(sent.getAll("do"), ["save"]);
    assert.equal(sent.get("considered-people"), words);
    assert.equal(sent.get("evidence-rows"), rows, "no row was added");
    await page.waitForLoadState();
    // The button that does so is not one of those a person meets: not by the tabulator, not by name.
    await page.goto(`${home}/consideration/improvements`);
    const first = page.locator('form[data-keep] [type="submit"]').first();
    assert.equal(await first.evaluate((e) => e.tabIndex), -1);
    assert.equal(await first.getAttribute("aria-hidden"), "true");
    if (scripts) await axe(page);
    const away = page.getByRole("button", { name: /Put the draft away/ });
    if (await away.count()) await away.click();
    await page.context().close();
  });
}

test("a form sent after the session ended is not lost, without scripts", async () => {
  const page = await person(chrome, program.address, { ...who.manager, scripts: false });
  await page.goto(`${home}/incident`);
  await page.locator("#summary").fill(WORDS);
  await page.context().clearCookies();
  await page.locator('button[name="do"][value="save"]').click();
  assert.match(await page.locator("main").innerText(), /You are signed out/);
  await page.getByLabel("E-mail address").fill(who.manager.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password at all");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  assert.match(await page.title(), /^Error: /);
  await page.getByLabel("Password", { exact: true }).fill(who.manager.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await secondStep(page, who.manager.email, who.manager.password);
  assert.equal(new URL(page.url()).pathname, `${home}/incident`);
  assert.equal(await page.locator("#summary").inputValue(), WORDS);
  await page.getByRole("button", { name: /Put the draft away/ }).click();
  await page.context().close();
});

test("what someone else wrote is not passed over because of an error, or of a draft, in between", async () => {
  const [one, two] = await Promise.all([person(chrome, program.address, who.manager), person(chrome, program.address, { ...who.deputy, scripts: false })]);
  const saves = (page) => page.locator('button[name="do"][value="save"]').click();
  await one.goto(`${home}/incident`);
  await two.goto(`${home}/incident`);
  await one.locator("#summary").fill("Written between the deputy's two attempts.");
  await saves(one);
  await two.locator("#summary").fill("The deputy's first attempt.");
  await two.locator('[name="happened-on-month"]').fill("13");
  await saves(two);
  assert.match(await two.title(), /^Error: /);
  // Leaving the page and coming back to the draft must not hide what the manager wrote either.
  await two.goto(`${home}/incident`);
  assert.equal(await two.locator("#summary").inputValue(), "The deputy's first attempt.");
  await fillDay(two, "happened-on", daysAgo(30));
  await saves(two);
  assert.match(await two.locator("main").innerText(), /This page was changed while you were writing[\s\S]*Written between/);
  await two.getByRole("button", { name: /Leave what is in the record/ }).click();
  assert.equal(await two.locator("#summary").inputValue(), "Written between the deputy's two attempts.");
  await one.context().close();
  await two.context().close();
});

test("what is typed is kept while it is typed, and is there after signing in again", async () => {
  const page = await person(chrome, program.address, who.manager);
  await page.goto(`${home}/incident`);
  await page.locator("#summary").fill(WORDS);
  await page.locator("[data-saved]").filter({ hasText: /Draft kept at/ }).waitFor({ timeout: 12_000 });
  await page.context().clearCookies();
  await page.reload();
  assert.match(await page.locator("main").innerText(), /You are signed out/);
  await page.getByLabel("E-mail address").fill(who.manager.email);
  await page.getByLabel("Password", { exact: true }).fill(who.manager.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await secondStep(page, who.manager.email, who.manager.password);
  assert.equal(new URL(page.url()).pathname, `${home}/incident`);
  assert.equal(await page.locator("#summary").inputValue(), WORDS);
  await page.getByRole("button", { name: /Put the draft away/ }).click();
  await page.context().close();
});

test("a planned day may lie ahead, and a day said to be past may not", async () => {
  const page = await person(chrome, program.address, { ...who.manager, scripts: false });
  await page.goto(`${home}/incident`);
  await fillDay(page, "happened-on", `${new Date().getFullYear() + 1}-12-24`);
  await page.locator('button[name="do"][value="save"]').click();
  assert.match(await page.locator("#happened-on-error").innerText(), /future|ahead|not yet|past|on or before/i);
  await page.goto(`${home}/people/child/new`);
  await choose(page, "birth", "expected");
  await fillDay(page, "expected", `${new Date().getFullYear() + 1}-12-24`);
  await choose(page, "parts", "other-child");
  await press(page, "Save what is known");
  await page.context().close();
});

test("a page that is not there and one that is not yours look the same", async () => {
  const page = await person(chrome, program.address, who.manager);
  const nowhere = await page.goto("/cases/aaaaaaaaaaaaaaaa");
  assert.equal(nowhere.status(), 404);
  const words = await page.locator("main").innerText();
  const admin = program.people().find((p) => p.words.includes("Administrator"));
  const other = await person(chrome, program.address, { email: admin.email, password: program.password() });
  const barred = await other.goto(home);
  assert.equal(barred.status(), 404);
  assert.equal(await other.locator("main").innerText(), words);
  await axe(other);
});
