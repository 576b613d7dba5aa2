// From an empty database to a signed decision and the letters, as five people in turn, each at their own screen:
// the business manager, three delegates of the safeguarding partners and the chair. Two of them have scripts turned off.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accept, axe, browser, candour, choose, daysAgo, device, fillDay, fits, folder, invitationLink, person, press, shot, start } from "./harness.mjs";

const PASSWORD = "quiet harbour morning";
const manager = { name: "Elspeth Marrable", email: "elspeth.marrable@exampleshire.example" };
const chair = { name: "Rowan Thistlewood", email: "rowan.thistlewood@exampleshire.example", role: "chair" };
const delegates = [
  { name: "Imogen Fallowdene", email: "imogen.fallowdene@exampleshire.example", role: "delegate", seat: "local-authority/council", from: "The chief executive of Exampleshire Council" },
  { name: "Desmond Larkspur", email: "desmond.larkspur@exampleshire.example", role: "delegate", seat: "health/icb", from: "The chief executive of the board", scripts: false },
  { name: "Nesta Quillfeather", email: "nesta.quillfeather@exampleshire.example", role: "delegate", seat: "police/police", from: "The chief constable", passkey: true },
];

const dir = folder();
let program;
let chrome;
let address;
const screens = {};
let home;

before(async () => {
  const settings = join(dir, "settings.toml");
  const secret = join(dir, "password");
  writeFileSync(settings, candour("init", "--data", join(dir, "unused"), "--example").out);
  writeFileSync(secret, `${PASSWORD}\n`);
  const made = candour("init", "--data", join(dir, "data"), "--settings", settings, "--name", manager.name, "--email", manager.email, "--password-file", secret);
  assert.equal(made.code, 0, made.errors);
  // A browser uses passkeys at a name only, and the server has to be told it.
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address();
  free.close();
  address = `http://localhost:${port}`;
  program = await start("serve", "--data", join(dir, "data"), "--listen", `127.0.0.1:${port}`, "--address", address);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** A long enough reason of its own for each thing that is weighed. */
const REASONS = [
  "The rapid review names two changes to handover between wards and visiting staff that were asked for in an earlier audit and not made.",
  "Missed visits written down as no answer were a theme of an earlier review here, and they are seen again in this child's record.",
  "School, health visiting and housing each held a part of what was known, and no meeting brought these parts together before the harm.",
  "The Panel has not written yet; its answer is awaited and will be looked at on the day it comes.",
  "Most of what could be done better lies with one ward, although others would have helped had they been told.",
  "Several agencies were involved from before the birth, so this circumstance is not found.",
  "The family moved once, within the area, and no other area had a part.",
  "The child lived at home; the ward where the harm was found was not where it was done.",
  "What is to be learned bears on how every ward in the area hands over to visiting staff.",
  "The rapid review says what each did; a review would find out why the parts were not brought together.",
  "Nothing in the case is complex beyond this area or new to the country.",
];

/** Presses the button that saves the form, whatever it says. */
async function save(page) {
  await page.locator('button[name="do"][value="save"]').click();
  assert.equal(await page.locator(".govuk-error-summary").count(), 0, await page.locator("main").innerText());
}

/** Someone who makes a passkey at the first sign-in, instead of setting up an app. */
async function withPasskey({ email }) {
  const page = await person(chrome, address);
  await device(page);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Make a passkey" }).waitFor();
  await axe(page);
  await fits(page);
  await shot(page, "passkeys-first");
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  assert.equal(await page.locator(".c-codes .c-code").count(), 10);
  await page.goto("/you");
  await page.getByText("Remove a passkey").click();
  await page.getByLabel("Your password, to remove it").fill(PASSWORD);
  await page.getByRole("button", { name: "Remove it" }).click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /your only second step/);
  await page.goto("/");
  return page;
}

test("the manager invites four people, who choose a password of their own, and records who gave them authority", async () => {
  const page = (screens.manager = await person(chrome, address, { email: manager.email, password: PASSWORD }));
  for (const one of [...delegates, chair]) {
    await page.goto("/people");
    await page.locator("#name").fill(one.name);
    await page.locator("#email").fill(one.email);
    await page.locator("#role").selectOption(one.role);
    if (one.seat) await page.locator("#seat").selectOption(one.seat);
    await press(page, "Invite this person");
    await accept(chrome, address, await invitationLink(page), PASSWORD);
    if (one.seat) {
      await page.locator("#from-whom").fill(one.from);
      await page.locator("#capacity").fill("delegate");
      await fillDay(page, "from", daysAgo(100));
      await press(page, "Record this authority");
    }
    assert.match(await page.locator("h1").innerText(), new RegExp(one.name));
  }
  for (const one of delegates) screens[one.role + one.seat] = one.passkey ? await withPasskey(one) : await person(chrome, address, { email: one.email, password: PASSWORD, scripts: one.scripts ?? true });
  screens.chair = await person(chrome, address, { email: chair.email, password: PASSWORD, scripts: false });
  await page.goto("/");
  assert.deepEqual(await Promise.all(Object.values(screens).map((p) => p.locator("h1").innerText())), Array(5).fill("Cases"));
});

test("the manager opens a case from the first call, and is told that saving alerts no one", async () => {
  const page = screens.manager;
  await page.goto("/open-a-case");
  await choose(page, "danger", "not-known");
  assert.match(await page.locator("main").innerText(), /Saving here alerts no one[\s\S]*01632 960001/);
  await page.locator("#danger-action").fill("The front door was rung at 9:40am and is acting");
  await fillDay(page, "heard-on", daysAgo(12));
  await page.locator("#heard-from").fill("Lindsey Oakapple, hospital social worker");
  await fillDay(page, "aware-on", daysAgo(12));
  await page.locator("#aware-who").fill("Emergency duty team");
  await fillDay(page, "happened-on", daysAgo(13));
  await page.locator("#place").fill("At home in Tilbrook");
  await choose(page, "whereabouts", "in-area");
  await page.locator("#summary").fill("A child was brought to hospital with injuries for which there was no account.");
  await page.locator("#child-name").fill("Perdita Fernsby");
  await fillDay(page, "born", daysAgo(500));
  await choose(page, "life", "living");
  for (const box of await page.locator('input[name="members"]').all()) await box.check({ force: true });
  await press(page, "Open this case");
  home = new URL(page.url()).pathname;
  assert.match(home, /^\/cases\/[a-z0-9]+$/);
  const text = await page.locator("body").innerText();
  assert.match(text, /EXA-\d{4}-001/);
  assert.doesNotMatch(text, /Perdita|Fernsby/, "the name is not shown");
});

test("nobody can sign before anything is considered, and the page says what is missing", async () => {
  const page = screens["delegatehealth/icb"];
  await page.goto(`${home}/decision/sign/health/icb`);
  assert.match(await page.locator("main").innerText(), /cannot be signed yet/);
  assert.equal(await page.getByRole("button", { name: "Sign this decision" }).count(), 0);
  assert.ok((await page.locator("main li a").count()) > 5, "what is missing is listed with links");
});

test("the manager records the definition, limb by limb", async () => {
  const page = screens.manager;
  await page.goto(`${home}/consideration`);
  await page.locator('a[href*="/definition/"]').first().click();
  const child = page.url();
  for (let limb = 0; limb < 2; limb++) {
    await page.goto(child);
    await choose(page, "finding", "met");
    const options = page.locator('input[name="option"]');
    if (await options.count()) await options.last().check({ force: true });
    const harm = page.locator('input[name="harm"]');
    if (await harm.count()) {
      await harm.first().check({ force: true });
      await choose(page, "long-term", "likely");
    }
    await page.locator("#reasons").fill(limb === 0 ? "The hospital's paediatrician and the strategy meeting both suspect physical abuse." : "The paediatrician expects lasting effects on movement, though it is not certain.");
    await choose(page, "evidence-0-kind", "statement");
    await page.locator("#evidence-0-text").fill("The injuries are not explained by the account given.");
    await page.locator("#evidence-0-source").fill("Consultant paediatrician, letter in the hospital record");
    await page.locator("#considered-people").fill("Rapid review group");
    await fillDay(page, "considered-on", daysAgo(8));
    await save(page);
  }
  await page.goto(`${home}/consideration`);
  assert.match(await page.locator("main").innerText(), /[Mm]et/);
});

test("a whole meeting's findings are written down on one page", async () => {
  const page = screens.manager;
  await page.goto(`${home}/meeting`);
  for (const box of await page.locator('input[name="considered-partners"]').all()) await box.check({ force: true });
  await page.locator("#considered-meeting").fill("Rapid review meeting");
  await fillDay(page, "considered-on", daysAgo(6));
  const selects = await page.locator('select[name$="-finding"]').all();
  assert.ok(selects.length >= 8, "every criterion and circumstance is on the page");
  for (const [n, select] of selects.entries()) {
    const name = (await select.getAttribute("name")).replace(/-finding$/, "");
    const values = await select.locator("option").evaluateAll((list) => list.map((o) => o.value));
    const wanted = ["improvements", "recurrent-themes", "working-together", "area-importance", "adds-to-rapid-review"].includes(name) ? "does" : "does-not";
    await select.selectOption(values.includes("not-yet-considered") ? "not-yet-considered" : values.includes(wanted) ? wanted : values.at(-2));
    await page.locator(`textarea[name="${name}-reasons"]`).fill(REASONS[n % REASONS.length]);
  }
  await axe(page);
  await press(page, "Write these findings down");
  assert.doesNotMatch(await page.locator("main").innerText(), /Not considered/);
});

test("the text of the decision is written, and each partner signs exactly that text", async () => {
  const page = screens.manager;
  await page.goto(`${home}/decision/text`);
  await choose(page, "conduct", "yes");
  await page.locator("#reasons").fill("The rapid review says what each service did, but not why what was known in three places was never brought together.\n\nThat question reaches beyond this child.");
  await choose(page, "evidence-0-kind", "document");
  await page.locator("#evidence-0-title").fill("Rapid review report");
  await page.locator("#evidence-0-holder").fill("Exampleshire Safeguarding Children Partnership");
  await page.locator("#evidence-0-kept").fill("Partnership records, folder 12");
  await fillDay(page, "decided-on", daysAgo(2));
  await press(page, "Save this text");
  for (const [n, one] of delegates.entries()) {
    const mine = screens[one.role + one.seat];
    await mine.goto(`${home}/decision`);
    await mine.getByRole("link", { name: /Read and sign/ }).click();
    assert.match(await mine.locator("#text").innerText(), /never brought together/);
    if (mine.scripts) await axe(mine);
    // A wrong password signs nothing and loses nothing.
    if (n === 0) {
      await choose(mine, "view", "agrees-with-note");
      await mine.locator("#note").fill("Ask early about interpreters.");
      await mine.locator("#password").fill("not the password at all");
      await mine.getByRole("button", { name: "Sign this decision" }).click();
      assert.match(await mine.title(), /^Error: /);
      assert.equal(await mine.locator("#note").inputValue(), "Ask early about interpreters.");
      // Nor does leaving the page: the note and the choice are kept, the password is not.
      await mine.goto(`${home}/decision`);
      await mine.getByRole("link", { name: /Read and sign/ }).click();
      assert.equal(await mine.locator("#note").inputValue(), "Ask early about interpreters.");
      assert.ok(await mine.locator('input[name="view"][value="agrees-with-note"]').isChecked());
      assert.equal(await mine.locator("#password").inputValue(), "");
    } else await choose(mine, "view", "agrees");
    if (one.passkey) {
      await shot(mine, "passkeys-sign");
      await mine.getByRole("button", { name: "Sign with your passkey" }).click();
      await mine.getByText(/Signed\. The decision is complete/).waitFor();
    } else {
      await mine.locator("#password").fill(PASSWORD);
      await press(mine, "Sign this decision");
    }
    assert.match(await mine.locator("main").innerText(), n === 2 ? /The decision is complete/ : /complete when the others have signed/);
  }
  await page.goto(`${home}/decision`);
  assert.match(await page.locator("main").innerText(), /Ask early about interpreters[\s\S]*Imogen Fallowdene/);
  assert.equal(await page.getByRole("link", { name: "Change the text" }).count(), 0, "a completed decision is not changed");
});

test("the chair tells the child's mother, asks for her views, and the manager releases a letter that someone has read", async () => {
  const page = screens.manager;
  await page.goto(`${home}/people/adult/new`);
  await page.locator("#name").fill("Corisande Fernsby");
  await page.locator("#label").fill("Mother of the child");
  await choose(page, "family", "yes");
  await press(page, "Save what is known");
  await page.goto(`${home}/family`);
  const link = page.locator('main a[href*="/family/"]').filter({ hasText: /Mother/ }).first();
  const mother = new URL(await link.getAttribute("href"), address).pathname;
  await page.goto(`${mother}/informing`);
  await choose(page, "appropriate", "yes");
  await page.locator("#reasons").fill("She asked to be told, and the investigating officer sees no harm in it.");
  await page.locator("#decided-by").fill("The three partners");
  await save(page);

  const mine = screens.chair;
  await mine.goto(`${mother}/contact`);
  await choose(mine, "kind", "told");
  await fillDay(mine, "on", daysAgo(1));
  await mine.locator("#by-whom").fill(chair.name);
  await mine.locator('input[name="role"]').first().check({ force: true });
  await mine.locator("#how").fill("In person, at her sister's home, with an advocate");
  await mine.locator("#words").fill("The review will go ahead. You can choose whether, when and how to take part, and change your mind.");
  for (const box of await mine.locator('textarea[name^="explained-"]').all()) await box.fill("Said in plain words and left with her in writing.");
  await press(mine, "Record this contact");
  await mine.goto(`${mother}/views`);
  // "Decided not to ask" cannot be blank.
  await choose(mine, "views", "not-asked");
  await mine.getByRole("button", { name: "Record this" }).click();
  assert.match(await mine.title(), /^Error: /);
  await choose(mine, "views", "given");
  await fillDay(mine, "given-on", daysAgo(1));
  await mine.locator("#views-words").fill("I want to know why nobody rang me back.");
  await press(mine, "Record this");
  assert.match(await mine.locator("main").innerText(), /why nobody rang me back/);

  await page.goto(`${mother}/safe`);
  await page.locator("#way").fill("By hand, with the advocate");
  await page.locator("#officer-consulted").fill("Yes, by the manager, the day before");
  await save(page);
  await page.goto(`${mother}/letter`);
  await page.locator("#salutation").fill("Dear Ms Fernsby");
  const suggested = await page.locator("#text").inputValue();
  assert.match(suggested, /\S/);
  await page.locator("#text").fill(suggested.replace(/\[Say here[^\]]*\]/g, "We met on Sunday and will write again before the report is published."));
  await page.getByRole("button", { name: "Release this letter" }).click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /Read the letter/);
  await choose(page, "read", "yes");
  await press(page, "Release this letter");
});

test("the decision record and the letter come out as PDF and Word, without anyone's name", async () => {
  const page = screens.manager;
  await page.goto(`${home}/documents`);
  const hrefs = await page.locator('main a[href*="/documents/"]').evaluateAll((list) => list.map((a) => a.href));
  const wanted = hrefs.filter((h) => /(decision-record|letter).*\.(pdf|docx)$/.test(h));
  assert.ok(wanted.length >= 4, `PDF and Word of the record and of the letter: ${hrefs.join(" ")}`);
  for (const href of wanted) {
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200, href);
    const bytes = await answer.body();
    assert.equal(bytes.subarray(0, 4).toString("latin1"), href.endsWith(".pdf") ? "%PDF" : "PK\u0003\u0004", href);
    if (href.endsWith(".pdf")) {
      const file = join(dir, "paper.pdf");
      writeFileSync(file, bytes);
      const words = spawnSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
      assert.equal(words.status, 0, words.stderr);
      assert.doesNotMatch(words.stdout, /Perdita/, `${href} does not name the child`);
      if (/record/.test(href)) assert.match(words.stdout, /Imogen Fallowdene/, "the record says who signed");
    }
  }
});

test("no page shows a name until someone turns names on, and the name survives a form that does not show it", async () => {
  const page = screens.manager;
  await page.goto(`${home}/people`);
  const child = new URL(await page.locator('main a[href*="/people/child/"]:not([href*="new"])').first().getAttribute("href"), address).pathname.replace(/\/pseudonym$/, "");
  await page.goto(`${home}/story`);
  const entries = await page.locator('main a[href*="/story/"]').evaluateAll((list) => list.map((a) => a.pathname).filter((p) => /\/story\/\d+$/.test(p)));
  for (const path of [home, `${home}/people`, child, `${home}/family`, `${home}/story`, `${home}/documents`, ...new Set(entries)]) {
    await page.goto(path);
    assert.doesNotMatch(await page.content(), /Perdita|Corisande/, `${path} names nobody`);
  }
  await page.goto(child);
  await page.locator("#about").fill("She likes the sound of rain.");
  await save(page);
  await page.goto("/you");
  await page.getByRole("button", { name: /names/i }).click();
  await page.goto(child);
  assert.equal(await page.locator("#name").inputValue(), "Perdita Fernsby");
  await page.goto("/you");
  await page.getByRole("button", { name: /names/i }).click();
});

test("the whole story names each of the five, and the record is proved unbroken", async () => {
  const page = screens.manager;
  await page.goto(`${home}/story`);
  const story = await page.locator("main").innerText();
  for (const one of [manager, chair, ...delegates]) assert.match(story, new RegExp(one.name), `${one.name} stands in the story`);
  await page.goto(home);
  await shot(page, "from-empty");
  for (const screen of Object.values(screens)) assert.deepEqual(screen.complaints, []);
  assert.equal(program.errors().trim(), "");
  await program.close();
  const checked = candour("record", "verify", "--data", join(dir, "data"));
  assert.equal(checked.code, 0, checked.out + checked.errors);
  assert.match(checked.out, /Signatures made with a passkey, each over its exact text: 1\./);
  for (const secret of ["Perdita", "rang me back"]) {
    const raw = readFileSync(join(dir, "data", "candour.sqlite"));
    assert.equal(raw.includes(Buffer.from(secret)), false, `"${secret}" does not stand readable in the database`);
  }
});
