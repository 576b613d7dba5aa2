// Signing on at one's own organisation, against a real OpenID provider that the test starts on this machine: who gets in the first time
// and after that, who does not and what they are told, answers that belong to another browser or were used, a provider whose keys
// change or that is away, proving there again who one is, and taking a sign-on away.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, candour, folder, good as looked, person, press, secondStep, start } from "./harness.mjs";
import { provider } from "./provider.mjs";

const dir = folder();
const data = join(dir, "data");
const at = (name) => `${name}@merrowshire.example`;
const people = {
  harriet: { sub: "h-1", email: at("harriet.wexcombe"), email_verified: true, amr: ["pwd", "mfa"] },
  gareth: { sub: "g-1", email: at("gareth.ollerden"), email_verified: true, amr: ["pwd"] },
  unverified: { sub: "a-1", email: at("anjali.marchbanks"), email_verified: false, amr: ["mfa"] },
  elsewhere: { sub: "e-1", email: "morwenna.tallis@elsewhere.example", email_verified: true, amr: ["mfa"] },
  nobody: { sub: "n-1", email: at("nobody.known"), email_verified: true, amr: ["mfa"] },
  "second-harriet": { sub: "h-2", email: at("harriet.wexcombe"), email_verified: true, amr: ["mfa"] },
  newcomer: { sub: "new-1", email: at("ottoline.fairweather"), email_verified: true, amr: ["mfa"] },
};
let op;
let program;
let chrome;
let password;
let here;
let back;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

before(async () => {
  const port = await freePort();
  here = `http://localhost:${port}`;
  back = `${here}/sign-on/council/back`;
  op = await provider({ people, back });
  const file = join(dir, "sign-on.toml");
  writeFileSync(join(dir, "council.secret"), "a secret between two servers\n");
  writeFileSync(file, `[[organisation]]\nid = "council"\nname = "Merrowshire Council"\nissuer = "${op.issuer}"\nclient-id = "candour"\nclient-secret-file = "council.secret"\ndomains = ["merrowshire.example"]\n`);
  program = await start("demo", "--data", data, "--listen", `127.0.0.1:${port}`, "--sign-on", file);
  password = program.password();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await program?.close();
  await op?.close();
});

/** A browser of its own; the provider is another site, and meant, and has no icon. */
async function visitor() {
  const page = await person(chrome, here);
  page.complain = () => page.complaints.filter((one) => !one.includes(op.issuer) && !/status of 404/.test(one));
  return page;
}

/** From the page for signing in to the provider and, as whoever is said, back. */
async function signOn(page, who, to = "/sign-in") {
  await page.goto(to);
  await page.getByRole("button", { name: "Sign in with Merrowshire Council" }).or(page.getByRole("link", { name: "Sign in with Merrowshire Council" })).click();
  await asWhom(page, who);
}

async function asWhom(page, who) {
  await page.locator("#who").fill(who);
  await page.getByRole("button", { name: "Sign in here" }).click();
  await page.waitForURL(`${here}/**`);
}

/** The page, looked at in every way, with its picture. */
const good = (page, name, also) => looked(page, `sign-on-${name}`, also);

const heading = (page) => page.locator("h1").innerText();

test("who is known here signs on with one button, and is the same person the next time", async () => {
  const page = await visitor();
  await page.goto("/sign-in?to=/guidance");
  await good(page, "door");
  await signOn(page, "harriet", "/sign-in?to=/guidance");
  assert.equal(new URL(page.url()).pathname, "/guidance");
  assert.match(await page.locator(".c-bar__me").innerText(), /Harriet Wexcombe/);
  assert.ok(!page.url().includes("code="), "nothing stays in the address");
  const cookies = await page.context().cookies(here);
  assert.deepEqual(cookies.filter((one) => one.name.includes("sign-on")), [], "what tied the answer to this browser is gone");
  assert.ok(cookies.every((one) => one.httpOnly));
  // The provider gives the same name to whoever changed their address.
  people.harriet.email = at("harriet.renamed");
  const later = await visitor();
  await signOn(later, "harriet");
  assert.match(await later.locator(".c-bar__me").innerText(), /Harriet Wexcombe/);
  assert.deepEqual([...page.complain(), ...later.complain()], []);
});

test("without a second factor there Candour asks for its own", async () => {
  const page = await visitor();
  await signOn(page, "gareth");
  assert.doesNotMatch(await page.locator("body").innerText(), /Sign out/);
  await good(page, "second-step");
  await secondStep(page, at("gareth.ollerden"), password);
  assert.match(await page.locator(".c-bar__me").innerText(), /Gareth Ollerden/);
});

test("everyone else is told the same, and nobody gets an account by signing on", async () => {
  for (const who of ["unverified", "elsewhere", "nobody", "second-harriet"]) {
    const page = await visitor();
    await signOn(page, who);
    assert.equal(await heading(page), "Sign in", who);
    assert.match(await page.locator(".govuk-error-summary").innerText(), /You could not be signed in this way/, who);
    if (who === "nobody") await good(page, "nobody");
    await page.goto("/");
    assert.match(page.url(), /sign-in/, who);
    await page.context().close();
  }
});

/** What the provider would send a browser back with, and the cookie that browser holds; nothing is opened with it. */
async function answerTo(who) {
  const jar = new Map();
  const ask = async (url, form) => {
    const { host } = new URL(url);
    const cookie = [...jar].filter(([name]) => name.startsWith(host)).map(([name, value]) => `${name.slice(host.length + 1)}=${value}`).join("; ");
    const answer = await fetch(url, { redirect: "manual", headers: { cookie }, ...(form && { method: "POST", body: new URLSearchParams(form) }) });
    for (const one of answer.headers.getSetCookie()) {
      const [name, value] = one.split(";")[0].split(/=(.*)/s);
      jar.set(`${host} ${name}`, value);
    }
    return answer;
  };
  let answer = await ask(`${here}/sign-on/council?to=/guidance`);
  for (let steps = 0; steps < 6; steps++) {
    const to = new URL(answer.headers.get("location"), answer.url).href;
    if (to.startsWith(back)) return { url: to, cookie: jar.get(`${new URL(here).host} candour-sign-on`) };
    answer = await ask(to);
    if (answer.status === 200) answer = await ask(to, { who });
  }
  throw new Error("the provider did not answer");
}

/** Opens an answer in a browser that holds a cookie, or none. */
async function open(url, cookie) {
  const page = await visitor();
  if (cookie) await page.context().addCookies([{ name: "candour-sign-on", value: cookie, url: here, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(url);
  return page;
}

test("an answer is used once, by the browser that asked, and a refusal there is said", async () => {
  const told = async (page) => (await page.locator(".govuk-error-summary").innerText());
  const [first, second] = [await answerTo("harriet"), await answerTo("harriet")];
  assert.notEqual(first.cookie, second.cookie);
  assert.match(await told(await open(first.url)), /opened in another browser/);
  assert.match(await told(await open(first.url, second.cookie)), /opened in another browser/);
  // Its own state with the code of the other: that was asked for with another verifier and another nonce.
  const mixed = new URL(second.url);
  mixed.searchParams.set("code", new URL(first.url).searchParams.get("code"));
  assert.match(await told(await open(mixed.href, second.cookie)), /You could not be signed in this way/);
  // Where another organisation's answers come back nothing is taken.
  const crossed = await answerTo("harriet");
  assert.match(await told(await open(crossed.url.replace("/sign-on/council/", "/sign-on/health/"), crossed.cookie)), /opened in another browser/);
  const whole = await answerTo("harriet");
  const page = await open(whole.url, whole.cookie);
  assert.match(await page.locator(".c-bar__me").innerText(), /Harriet Wexcombe/);
  assert.equal(new URL(page.url()).pathname, "/guidance");
  await page.goto(whole.url);
  assert.match(await told(page), /waited for too long/);
  assert.match(await told(await open(whole.url, whole.cookie)), /You could not be signed in this way/, "the code is used up");
  const rather = await visitor();
  await rather.goto("/sign-in");
  await rather.getByText("Sign in with Merrowshire Council").click();
  await rather.getByRole("link", { name: "Rather not" }).click();
  await rather.waitForURL(`${here}/**`);
  assert.match(await told(rather), /did not sign you in/);
});

test("someone who is invited joins by signing on, without a password", async () => {
  const manager = await person(chrome, here, { email: at("morwenna.tallis"), password });
  await manager.goto("/people");
  await manager.locator("#name").fill("Ottoline Fairweather");
  await manager.locator("#email").fill(at("ottoline.fairweather"));
  await manager.locator("#role").selectOption("reader");
  await press(manager, "Invite this person");
  const page = await visitor();
  await signOn(page, "newcomer");
  assert.match(await page.locator(".c-bar__me").innerText(), /Ottoline Fairweather/);
  // The way by password leads nowhere: nobody knows one.
  const guess = await visitor();
  await guess.goto("/sign-in");
  await guess.locator("#email").fill(at("ottoline.fairweather"));
  await guess.locator("#password").fill(password);
  await guess.getByRole("button", { name: "Sign in", exact: true }).click();
  assert.match(await guess.locator(".govuk-error-summary").innerText(), /password is not right/);
});

test("who signs on proves there again who they are, and only they", async () => {
  people.gareth.amr = ["mfa"];
  const page = await visitor();
  await signOn(page, "gareth");
  await page.goto("/");
  const cases = await page.locator('main a[href^="/cases/"]').evaluateAll((list) => list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")));
  let sign = null;
  for (const home of new Set(cases)) {
    await page.goto(`${home}/decision`);
    sign ??= await page.locator('a[href*="/decision/sign/"]').evaluateAll((list) => list[0]?.getAttribute("href") ?? null);
  }
  assert.ok(sign, "the demo has a decision that he can sign");
  await page.goto(sign);
  await good(page, "sign");
  await page.getByRole("link", { name: "confirm there that it is you" }).click();
  await asWhom(page, "harriet");
  assert.match(await page.locator("main").innerText(), /did not confirm that it is you/);
  await page.getByRole("link", { name: "confirm there that it is you" }).click();
  await asWhom(page, "gareth");
  assert.match(await page.locator("main").innerText(), /For five minutes you need no password/);
  await good(page, "confirmed");
  await page.locator('input[name="view"][value="agrees"]').check({ force: true });
  await press(page, "Sign this decision");
  assert.match(await page.locator("main").innerText(), /Signed\./);
});

test("new keys of the provider are learned, and while it is away the page says so", async () => {
  const { port } = op;
  await op.close();
  const page = await visitor();
  await page.goto("/sign-in");
  await page.getByText("Sign in with Merrowshire Council").click().catch(() => {});
  op = await provider({ port, people, back });
  await new Promise((resolve) => setTimeout(resolve, 10_500));
  const later = await visitor();
  await signOn(later, "harriet");
  assert.match(await later.locator(".c-bar__me").innerText(), /Harriet Wexcombe/);
});

test("a sign-on that is taken away ends the sessions, and the next time counts as the first", async () => {
  const page = await visitor();
  await signOn(page, "newcomer");
  const manager = await person(chrome, here, { email: at("morwenna.tallis"), password });
  await manager.goto("/people");
  await manager.getByRole("link", { name: "Ottoline Fairweather" }).click();
  await good(manager, "person");
  await manager.getByLabel("Why they no longer sign on there").fill("She has a new account at the council");
  await press(manager, "Take this sign-on away");
  await page.goto("/guidance");
  assert.match(page.url(), /sign-in/);
  people.newcomer.sub = "new-2";
  const again = await visitor();
  await signOn(again, "newcomer");
  assert.match(await again.locator(".c-bar__me").innerText(), /Ottoline Fairweather/);
  await program.close();
  const whole = candour("record", "verify", "--data", data);
  assert.equal(whole.code, 0, whole.errors);
});
