// One program, two partnerships, one account: a police officer who has an account at one joins the other with it, and signs in at each with the
// same password and the same app. Host names keep the two apart; one that is nobody's is told nothing, and one that cannot be opened keeps
// nobody else from working.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accept, browser, candour, folder, good as looked, invitationLink, person, press, startUntil } from "./harness.mjs";

const PASSWORD = "quiet harbour morning";
const dir = folder();
let program;
let chrome;
let port;
const at = (name) => `http://${name}.localhost:${port}`;
const good = (page, name, also) => looked(page, `partnerships-${name}`, also);
const managers = { merrow: "elspeth.marrable@merrow.example", tilbrook: "orrin.pellow@tilbrook.example" };

before(async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  ({ port } = free.address());
  free.close();
  const example = candour("init", "--data", join(dir, "unused"), "--example").out;
  const secret = join(dir, "password");
  writeFileSync(secret, `${PASSWORD}\n`);
  for (const [name, email] of Object.entries(managers)) {
    const settings = join(dir, `${name}.toml`);
    writeFileSync(settings, example.replace(/^name = .*$/m, `name = "${name[0].toUpperCase()}${name.slice(1)} Safeguarding Children Partnership"`));
    const made = candour("init", "--data", join(dir, name), "--settings", settings, "--name", name === "merrow" ? "Elspeth Marrable" : "Orrin Pellow", "--email", email, "--password-file", secret);
    assert.equal(made.code, 0, made.errors);
  }
  mkdirSync(join(dir, "empty"));
  const list = ["merrow", "tilbrook", "away"].map((name) => `[[partnership]]\naddress = "${at(name)}"\ndata = "${name === "away" ? "empty" : name}"\n`);
  writeFileSync(join(dir, "partnerships.toml"), list.join("\n"));
  // One of the three cannot be opened.
  program = await startUntil(503, "serve", "--partnerships", join(dir, "partnerships.toml"), "--listen", `127.0.0.1:${port}`);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** Asks with a name of a host of one's choice. */
function ask(host, path = "/sign-in", headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { host, ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("each host answers for its own partnership, and no other name for any", async () => {
  for (const [host, name] of [["merrow.localhost", "Merrow"], [`TILBROOK.localhost.:${port}`, "Tilbrook"]]) {
    const { status, text } = await ask(host);
    assert.equal(status, 200);
    assert.match(text, new RegExp(`${name} Safeguarding`));
    assert.doesNotMatch(text, new RegExp(`${name === "Merrow" ? "Tilbrook" : "Merrow"} Safeguarding`));
  }
  for (const [host, headers] of [["127.0.0.1", {}], ["elsewhere.example", {}], ["merrow.localhost.elsewhere.example", {}], ["elsewhere.example", { "x-forwarded-host": "merrow.localhost" }], ["elsewhere.example", { forwarded: "host=merrow.localhost" }]]) {
    const { status, text } = await ask(host, "/", headers);
    assert.equal(status, 421, host);
    assert.doesNotMatch(text, /Safeguarding/);
  }
  // A proxy's word for the host is not taken in place of the host.
  assert.match((await ask("merrow.localhost", "/sign-in", { "x-forwarded-host": "tilbrook.localhost" })).text, /Merrow Safeguarding/);
  const away = await ask("away.localhost");
  assert.equal(away.status, 503);
  assert.match(away.text, /cannot be reached at the moment/);
  assert.match(program.errors(), /away\.localhost is not served/);
  // Who watches over the machine learns that not all of them are there.
  assert.equal((await ask("127.0.0.1", "/ready")).status, 503);
  assert.equal((await ask("merrow.localhost", "/ready")).status, 200);
});

test("a person of one partnership joins the other with the account they have", async () => {
  const invite = async (name) => {
    const manager = await person(chrome, at(name), { email: managers[name], password: PASSWORD });
    await manager.goto("/people");
    await manager.locator("#name").fill("Nesta Quillfeather");
    await manager.locator("#email").fill("nesta.quillfeather@police.example");
    await manager.locator("#role").selectOption("reader");
    await press(manager, "Invite this person");
    return [manager, await invitationLink(manager)];
  };
  const [merrow, first] = await invite("merrow");
  const own = "heron thistle lantern nine";
  await accept(chrome, at("merrow"), first, own);
  const nesta = await person(chrome, at("merrow"), { email: "nesta.quillfeather@police.example", password: own });
  // Nobody has invited her anywhere else: there is nothing to say.
  await nesta.goto("/you");
  assert.equal(await nesta.getByRole("heading", { name: "Your partnerships" }).count(), 0);

  const [tilbrook, second] = await invite("tilbrook");
  const there = await person(chrome, at("tilbrook"));
  there.password = own;
  await there.goto(second);
  await good(there, "joining", "joining-with-account");
  await there.getByLabel("The password of that account").fill("not the one");
  await there.getByRole("button", { name: "Use that account" }).click();
  assert.match(await there.locator(".govuk-error-summary").innerText(), /not right, or this address has no account/);
  await there.getByLabel("The password of that account").fill(own);
  await there.getByRole("button", { name: "Use that account" }).click();
  // Her codes are those she has: one on paper, made at the first.
  await nesta.getByLabel("Your password", { exact: true }).fill(own);
  await nesta.getByRole("button", { name: "Make new recovery codes" }).click();
  const codes = await nesta.locator(".c-codes .c-code").allInnerTexts();
  await there.getByLabel("Code", { exact: true }).fill(codes[0]);
  await there.getByRole("button", { name: "Continue" }).click();
  await there.goto("/you");
  await good(there, "you");
  const words = await there.locator("main").innerText();
  assert.match(words, /Your partnerships/);
  assert.match(words, /Merrow Safeguarding Children Partnership, where you change your password and your codes/);
  assert.equal(await there.getByRole("button", { name: "Change the password" }).count(), 0);
  assert.equal(await there.getByRole("link", { name: /^Merrow Safeguarding/ }).getAttribute("href"), at("merrow"));
  // The manager of the second sees that it is so, and not where.
  await tilbrook.goto("/people");
  await tilbrook.getByRole("link", { name: "Nesta Quillfeather" }).click();
  assert.match(await tilbrook.locator("main").innerText(), /with the account of another partnership/);
  assert.doesNotMatch(await tilbrook.locator("body").innerText(), /Merrow/);

  // She leaves the first; what she has open at the second is over with the next look.
  await merrow.goto("/people");
  await merrow.getByRole("link", { name: "Nesta Quillfeather" }).click();
  await merrow.locator("#left-why").fill("She changed to another force");
  await press(merrow, "End this account");
  await there.goto("/you");
  assert.match(there.url(), /\/sign-in/);
  for (const page of [nesta, there, tilbrook, merrow]) assert.deepEqual(page.complaints, []);
});
