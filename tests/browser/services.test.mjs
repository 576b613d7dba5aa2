// Another system beside Candour: the manager gives it access, the person who answers for it makes its token, and it asks with that
// token until it is ended. The administrator, who sees no case, has no hand in it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, choose, daysAgo, fillDay, good as looked, person, press, start } from "./harness.mjs";

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

const good = (page, name, also) => looked(page, `services-${name}`, also);
const of = (name) => ({ email: `${name}@merrowshire.example`, password: program.password() });

/** Asks the interface with a token. */
const ask = (token, path) => fetch(`${program.address}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

test("another system is given access, asks with its token, and is ended", async () => {
  const manager = await person(chrome, program.address, of("morwenna.tallis"));
  await manager.goto("/people");
  await manager.getByRole("link", { name: "Other systems that have access" }).click();
  await good(manager, "none");
  await manager.getByRole("button", { name: "Give it access" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /Enter what the other system is called/);
  await manager.locator("#name").fill("Case management of Merrowshire Council");
  await manager.locator("#purpose").fill("Shows the stage and the next clock beside the child's own record");
  await manager.locator("#owner").selectOption({ label: "Harriet Wexcombe, Delegated safeguarding partner, Merrowshire County Council" }).catch(async () => {
    const all = await manager.locator("#owner option").allInnerTexts();
    await manager.locator("#owner").selectOption({ label: all.find((one) => one.startsWith("Harriet Wexcombe")) });
  });
  await fillDay(manager, "service-until", daysAgo(-900));
  await manager.locator("#networks").fill("the town hall");
  await manager.getByRole("button", { name: "Give it access" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /within a year/);
  await good(manager, "refused");
  await fillDay(manager, "service-until", daysAgo(-200));
  await manager.getByRole("button", { name: "Give it access" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /like 192\.0\.2\.0\/24/);
  await manager.locator("#networks").fill("127.0.0.0/8");
  await press(manager, "Give it access");
  await good(manager, "given");
  const one = new URL(manager.url()).pathname;

  // It reads a case like any member: it is added, with why.
  await manager.goto("/");
  const home = await manager.locator('main a[href^="/cases/"]').first().getAttribute("href");
  const theCase = home.split("/").slice(0, 3).join("/");
  await manager.goto(`${theCase}/members`);
  await manager.locator("#person").selectOption({ label: "Case management of Merrowshire Council, Service account" });
  await choose(manager, "part", "decides");
  await manager.locator("#add-why").fill("Shows the clocks beside the child's own record");
  await manager.getByRole("button", { name: "Add this person" }).click();
  assert.match(await manager.locator(".govuk-error-summary").innerText(), /does not carry this part/);
  await choose(manager, "part", "reads");
  await press(manager, "Add this person");

  // Whoever answers for it makes its token, which is shown once; the manager cannot.
  const harriet = await person(chrome, program.address, of("harriet.wexcombe"));
  await harriet.goto("/you");
  await harriet.getByRole("link", { name: "Other systems you answer for" }).click();
  await good(harriet, "own");
  await press(harriet, "Make a token");
  const token = await harriet.locator(".c-token").innerText();
  assert.match(token, /^candour_service_[a-z0-9]{32}$/);
  await good(harriet, "token", "other-systems");
  await harriet.goto("/you/services");
  assert.equal(await harriet.locator(".c-token").count(), 0);
  await manager.goto("/you/services");
  assert.equal(await manager.getByRole("button", { name: /Make a token/ }).count(), 0);

  const me = await (await ask(token, "/me")).json();
  assert.equal(me.answered_for_by, "Harriet Wexcombe");
  const list = await (await ask(token, "/cases")).json();
  assert.deepEqual(list.cases.map((line) => `/cases/${line.id}`), [theCase]);
  const clocks = await (await ask(token, `${theCase}/clocks`)).json();
  assert.ok(clocks.clocks.length > 0);
  // What it read is seen where it is seen who read.
  await manager.goto(`${theCase}/readers`);
  assert.match(await manager.locator("main").innerText(), /Case management of Merrowshire Council/);
  // A cookie is not looked at, nor is a token a way to the pages.
  const cookie = (await manager.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  assert.equal((await fetch(`${program.address}/api/v1/cases`, { headers: { cookie } })).status, 401);
  const page = await fetch(`${program.address}/`, { headers: { authorization: `Bearer ${token}` }, redirect: "manual" });
  assert.equal(page.status, 303);

  await manager.goto(one);
  await good(manager, "one");
  await manager.locator("#why").fill("The council changes its case management");
  await press(manager, "End its access");
  assert.equal((await ask(token, "/cases")).status, 401);
  assert.match(await manager.locator("main").innerText(), /No other system has access/);
  for (const page of [manager, harriet]) assert.deepEqual(page.complaints.filter((c) => !/status of 401/.test(c)), []);

  const felix = await person(chrome, program.address, of("felix.thornhurst"));
  assert.equal((await felix.goto("/people/services")).status(), 403);
  await felix.goto("/people");
  assert.equal(await felix.getByRole("link", { name: "Other systems that have access" }).count(), 0);
});
