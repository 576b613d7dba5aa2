// From the mail of an invitation to signed in with both steps, as a new author of an agency walks it:
// the mail is taken by a mail server of the test, each screen is counted, looked at by the accessibility check and kept as a picture.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, browser, candour, desk, device, fits, folder, person, phone, press, secondStep, shot, start } from "./harness.mjs";

const PASSWORD = "quiet harbour morning";
const manager = { name: "Elspeth Marrable", email: "elspeth.marrable@exampleshire.example" };
/** The most screens from the mail to the first page, and the longest it may take. */
const SCREENS = 6;
const LONGEST = 120_000;

const dir = folder();
let program;
let chrome;
let address;
let page;
const mails = [];
let post;

/** A mail server on this machine: takes everything and keeps it. */
async function mailServer() {
  const server = createServer((socket) => {
    let rest = "";
    let mail = null;
    let to = "";
    const say = (words) => socket.write(`${words}\r\n`);
    say("220 mail.example.org");
    socket.on("error", () => {});
    socket.on("data", (data) => {
      rest += data;
      for (let end; (end = rest.indexOf("\r\n")) >= 0; ) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (mail !== null) {
          if (line === ".") {
            mails.push({ to, text: mail.replaceAll("=\r\n", "").replaceAll("=3D", "=") });
            mail = null;
            say("250 taken");
          } else mail += `${line}\r\n`;
        } else if (/^EHLO|^HELO/i.test(line)) say("250 mail.example.org");
        else if (/^DATA/i.test(line)) {
          mail = "";
          say("354 go on");
        } else if (/^QUIT/i.test(line)) {
          say("221 good-bye");
          socket.end();
        } else {
          if (/^RCPT/i.test(line)) to = line.match(/<(.*)>/)[1];
          say("250 ok");
        }
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The newest mail to an address, once it is there. */
async function mailTo(email, known = 0) {
  for (let tries = 0; tries < 300; tries++) {
    const all = mails.filter((mail) => mail.to === email);
    if (all.length > known) return all.at(-1).text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`no mail to ${email}\n${program.errors()}`);
}

const linkIn = (mail) => mail.match(/http:\S+\/sign-up\/[a-z0-9]+/)[0];
const mailsTo = (email) => mails.filter((mail) => mail.to === email).length;

before(async () => {
  post = await mailServer();
  const settings = join(dir, "settings.toml");
  const secret = join(dir, "password");
  writeFileSync(settings, candour("init", "--data", join(dir, "unused"), "--example").out);
  writeFileSync(secret, `${PASSWORD}\n`);
  const made = candour("init", "--data", join(dir, "data"), "--settings", settings, "--name", manager.name, "--email", manager.email, "--password-file", secret);
  assert.equal(made.code, 0, made.errors);
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address();
  free.close();
  address = `http://localhost:${port}`;
  program = await start(
    "serve", "--data", join(dir, "data"), "--listen", `127.0.0.1:${port}`, "--address", address,
    "--smtp-host", "127.0.0.1", "--smtp-port", String(post.address().port), "--smtp-tls", "none", "--smtp-from", "candour@exampleshire.example",
  );
  chrome = await browser();
  page = await person(chrome, address, { email: manager.email, password: PASSWORD });
});
after(async () => {
  await chrome?.close();
  await program?.close();
  post?.close();
});

/** The page as it has to be, and its pictures. */
async function good(at, name) {
  await shot(at, `invitation-${name}`);
  for (const size of [desk, phone]) {
    await at.setViewportSize(size);
    if (at.scripts) await axe(at);
    await fits(at);
  }
  await at.setViewportSize(desk);
}

async function invite(name, email, role, agency) {
  await page.goto("/people");
  await page.locator("#name").fill(name);
  await page.locator("#email").fill(email);
  await page.locator("#role").selectOption(role);
  if (agency) await page.locator("#agency").selectOption({ label: agency });
  await press(page, "Invite this person");
  assert.match(await page.locator("main").innerText(), /Not yet accepted/);
}

test("the manager invites an author of an agency, and the page says by whom and until when", async () => {
  await page.goto("/agencies");
  await page.locator("#agency-name").fill("Larch Row Primary School");
  await press(page, "Add this agency");
  await page.goto("/people");
  await good(page, "people");
  await invite("Petra Quennell", "petra.quennell@larchrow.example", "agency-author", "Larch Row Primary School");
  await good(page, "person");
  const text = await page.locator("main").innerText();
  assert.match(text, /Invited by\s+Elspeth Marrable/);
  assert.doesNotMatch(await page.content(), /sign-up/, "the manager is never shown the link");
});

test("she goes from the mail to signed in with both steps in at most six screens and two minutes", async () => {
  const email = "petra.quennell@larchrow.example";
  const mail = await mailTo(email);
  assert.match(mail, /Elspeth Marrable invites you/);
  const began = Date.now();
  const hers = await person(chrome, address);
  const screens = [];
  let looking = 0;
  const seen = async (name) => {
    const paused = Date.now();
    screens.push(name);
    await good(hers, name);
    looking += Date.now() - paused;
  };
  await hers.goto(linkIn(mail));
  assert.match(await hers.locator("main").innerText(), /Petra Quennell[\s\S]*Larch Row Primary School/);
  await seen("1-join");
  await hers.getByLabel("Choose a password").fill("slate orchard lantern nine");
  await hers.getByLabel("The same password again").fill("slate orchard lantern nine");
  await hers.getByRole("button", { name: "Continue" }).click();
  await hers.getByRole("heading", { name: "Set up your second step" }).waitFor();
  await seen("2-second-step");
  // Sets the app up and goes past the page with the recovery codes.
  const codes = once(hers, "framenavigated");
  await secondStep(hers, email, "slate orchard lantern nine");
  await codes;
  screens.push("3-codes");
  await hers.waitForURL((url) => url.pathname === "/");
  assert.match(await hers.locator("header").innerText(), /Petra Quennell/);
  await seen("4-signed-in");
  const took = Date.now() - began - looking;
  console.log(`${screens.length} screens, ${took} ms without the looking`);
  assert.ok(screens.length <= SCREENS, screens.join(", "));
  assert.ok(Date.now() - began < LONGEST, `${took} ms`);
  assert.deepEqual(hers.complaints, []);
  await page.goto("/people");
  await page.getByRole("link", { name: "Petra Quennell" }).click();
  assert.match(await page.locator("main").innerText(), /Accepted on/);

  const again = await person(chrome, address);
  await again.goto(linkIn(mail));
  assert.match(await again.locator("main").innerText(), /This invitation cannot be used/);
  await good(again, "no-use");
});

test("a passkey is made in place of the app, and what was typed wrong is said", async () => {
  const email = "desmond.larkspur@exampleshire.example";
  await invite("Desmond Larkspur", email, "reader");
  const his = await person(chrome, address);
  await device(his);
  await his.goto(linkIn(await mailTo(email)));
  await his.getByLabel("Choose a password").fill("desmondlarkspur");
  await his.getByLabel("The same password again").fill("desmondlarkspur");
  await his.getByRole("button", { name: "Continue" }).click();
  assert.match(await his.locator(".govuk-error-summary").innerText(), /harder to guess/);
  await good(his, "refused");
  await his.getByLabel("Choose a password").fill("copper willow station");
  await his.getByLabel("The same password again").fill("copper willow station");
  await his.getByRole("button", { name: "Continue" }).click();
  await his.getByRole("button", { name: "Make a passkey" }).click();
  await his.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  await good(his, "3-codes");
  await his.getByRole("link", { name: "I have kept them" }).click();
  await his.waitForURL((url) => url.pathname === "/");
});

test("whoever joins with a passkey needs no password and no code, and what was made for one invitation is no use for another", async () => {
  const email = "isolde.fernley@exampleshire.example";
  await invite("Isolde Fernley", email, "reader");
  const hers = await person(chrome, address);
  await device(hers);
  const link = linkIn(await mailTo(email));
  await hers.goto(link);
  await good(hers, "1-join-with-passkey");
  const screens = ["join"];
  await hers.getByRole("button", { name: "Make a passkey and join" }).click();
  await hers.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  screens.push("codes");
  await hers.getByRole("link", { name: "I have kept them" }).or(hers.getByRole("button", { name: "I have kept them" })).click();
  await hers.waitForURL((url) => url.pathname === "/");
  assert.match(await hers.locator("header").innerText(), /Isolde Fernley/);
  console.log(`with a passkey: ${screens.length + 1} screens`);
  await hers.goto(link);
  assert.match(await hers.locator("main").innerText(), /cannot be used/);
  // The browser says aloud that there was nothing at the used link.
  assert.equal(hers.complaints.splice(0).length, 1);
  // She signs in with it alone, and nobody knows a password of hers.
  await hers.goto("/you");
  await good(hers, "you-with-passkey");
  await hers.getByRole("button", { name: "Sign out" }).click();
  await hers.goto("/sign-in");
  await hers.getByRole("button", { name: "Sign in with a passkey" }).click();
  await hers.waitForURL((url) => url.pathname === "/");
  assert.deepEqual(hers.complaints, []);

  // What a browser was asked for one invitation, and what it made, counts for no other.
  const links = [];
  for (const name of ["Perpetua Wick", "Ottoline Sedge"]) {
    const mailed = `${name.toLowerCase().replace(" ", ".")}@exampleshire.example`;
    await invite(name, mailed, "reader");
    links.push(new URL(linkIn(await mailTo(mailed))).pathname);
  }
  const theirs = await person(chrome, address);
  await device(theirs);
  await theirs.goto(links[0]);
  await theirs.evaluate((path) => {
    document.querySelector("form[action$='/with-passkey']").action = `${path}/with-passkey`;
  }, links[1]);
  await theirs.getByRole("button", { name: "Make a passkey and join" }).click();
  await theirs.locator(".govuk-error-summary").waitFor();
  assert.match(await theirs.locator(".govuk-error-summary").innerText(), /The passkey did not work/);
  for (const left of links) {
    await theirs.goto(left);
    assert.match(await theirs.locator("main").innerText(), /The invitation works until/);
  }
});

test("without scripts too; a new invitation ends the one before, and a withdrawn one is no use", async () => {
  const email = "nesta.quillfeather@exampleshire.example";
  await invite("Nesta Quillfeather", email, "reader");
  const first = linkIn(await mailTo(email));
  const known = mailsTo(email);
  await press(page, "Send a new invitation");
  const second = linkIn(await mailTo(email, known));
  assert.notEqual(first, second);
  const hers = await person(chrome, address, { scripts: false });
  await hers.goto(first);
  assert.match(await hers.locator("main").innerText(), /cannot be used/);
  await hers.goto(second);
  await hers.getByLabel("Choose a password").fill("copper willow station");
  await press(page, "Withdraw the invitation");
  assert.match(await page.locator("main").innerText(), /Withdrawn/);
  await hers.getByLabel("The same password again").fill("copper willow station");
  await hers.getByRole("button", { name: "Continue" }).click();
  assert.match(await hers.locator("main").innerText(), /cannot be used/);
});

test("an account is restored with the password again, and the list of unused accounts is read", async () => {
  await page.goto("/people");
  await page.getByRole("link", { name: "Restore a locked account" }).click();
  await page.getByRole("button", { name: "Restore this account" }).click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /Choose the person[\s\S]*Choose what is needed[\s\S]*how you made sure/);
  await page.locator("#restore-person").selectOption({ label: "Desmond Larkspur" });
  await page.locator("#restore-what").selectOption("account");
  await page.locator("#restore-why").fill("Rang him on the number we have always had");
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Restore this account" }).click();
  assert.match(await page.locator(".govuk-error-summary").innerText(), /This account is not locked/);
  await good(page, "restore");
  await page.locator("#restore-what").selectOption("second-step");
  await page.getByLabel("Your password").fill(PASSWORD);
  const known = mailsTo("desmond.larkspur@exampleshire.example");
  await press(page, "Restore this account");
  assert.match(await mailTo("desmond.larkspur@exampleshire.example", known), /took the second step off the account of Desmond Larkspur/);
  await page.goto("/people/unused");
  assert.match(await page.locator("main").innerText(), /There is nobody on this list today/);
  await good(page, "unused");
});

test("a forgotten password is chosen anew with a link by mail, and the code is asked for all the same", async () => {
  const email = "petra.quennell@larchrow.example";
  const hers = await person(chrome, address);
  await hers.goto("/sign-in");
  await hers.getByRole("link", { name: "I cannot sign in" }).click();
  await good(hers, "forgotten");
  await hers.getByRole("button", { name: "Send me a link" }).click();
  assert.match(await hers.locator(".govuk-error-summary").innerText(), /Enter your e-mail address/);
  // An address that nobody has is answered in the same words.
  const words = [];
  const known = mailsTo(email);
  for (const asked of ["nobody@exampleshire.example", email]) {
    await hers.goto("/forgotten");
    await hers.locator("#email").fill(asked);
    await hers.getByRole("button", { name: "Send me a link" }).click();
    words.push(await hers.locator("main").innerText());
  }
  assert.equal(words[0], words[1]);
  await good(hers, "look-into-your-mail");
  const link = (await mailTo(email, known)).replaceAll(/=\r?\n/g, "").match(/http:\S+\/new-password\/[a-z0-9]+/)[0];
  await hers.goto(link);
  await good(hers, "new-password");
  const fresh = "gravel heron lantern two";
  await hers.getByLabel("The new password", { exact: true }).fill(fresh);
  await hers.getByLabel("The same password again").fill("another one");
  await hers.getByRole("button", { name: "Continue" }).click();
  assert.match(await hers.locator(".govuk-error-summary").innerText(), /these two differ/);
  await hers.getByLabel("The new password", { exact: true }).fill(fresh);
  await hers.getByLabel("The same password again").fill(fresh);
  await hers.getByRole("button", { name: "Continue" }).click();
  await hers.getByLabel("Code", { exact: true }).waitFor();
  // The link alone opens nothing.
  const other = await person(chrome, address);
  await other.goto(link);
  assert.match(await other.locator("main").innerText(), /This link cannot be used/);
  await good(other, "link-no-use");
  await secondStep(hers, email, fresh);
  await hers.waitForURL((url) => url.pathname === "/");
  assert.deepEqual(hers.complaints, []);

  // Whoever restores accounts sends one too, with how they made sure.
  await page.goto("/restore");
  await page.locator("#restore-person").selectOption({ label: "Petra Quennell" });
  await page.locator("#restore-what").selectOption("password");
  await page.locator("#restore-why").fill("Rang her at the school's own number");
  await page.getByLabel("Your password").fill(PASSWORD);
  const before = mailsTo(email);
  await press(page, "Restore this account");
  assert.match(await page.locator(".govuk-notification-banner").innerText(), /is sent a link for a new password by mail/);
  await mailTo(email, before + 1);
  const texts = mails.filter((mail) => mail.to === email).slice(before).map((mail) => mail.text).join("\n");
  assert.match(texts, /sent a link for a new password to Petra Quennell/);
  assert.match(texts, /Elspeth Marrable sends you a link for a new password/);
});

test("the record is whole", async () => {
  await program.close();
  const checked = candour("record", "verify", "--data", join(dir, "data"));
  assert.equal(checked.code, 0, checked.out + checked.errors);
});
