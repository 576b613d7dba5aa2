// What every browser test needs: the built program on a free port of this machine, a browser, people who sign in,
// the accessibility check, and pictures at the width of a desk and of a phone.
// Nothing here reaches beyond this machine; everything that was started is closed again.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const top = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const results = join(top, "test-results");
export const desk = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };
/** The narrowest width that must work: 1280 pixels at 400% zoom. */
export const zoomed = { width: 320, height: 720 };

const binary = process.env.CANDOUR_BIN ?? join(top, "target", "debug", "candour");
const chromePath = process.env.CANDOUR_CHROMIUM ?? "/usr/bin/chromium";
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A folder that is removed when the test process ends. */
export function folder() {
  const dir = mkdtempSync(join(tmpdir(), "candour-test-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs one command of the program to its end; gives its output, its errors and its exit code. */
export function candour(...args) {
  assert.ok(existsSync(binary), `${binary} is missing: run \`cargo build --bin candour\` first`);
  const run = spawnSync(binary, args, { encoding: "utf8", timeout: 60_000 });
  return { out: run.stdout, errors: run.stderr, code: run.status };
}

/** Starts the program (`demo` or `serve`) and waits until it is ready. */
export const start = (command, ...args) => startUntil(200, command, ...args);

/** Starts the program and waits until it answers with `status` when it is asked whether it is ready. */
export async function startUntil(status, command, ...args) {
  assert.ok(existsSync(binary), `${binary} is missing: run \`cargo build --bin candour\` first`);
  const program = spawn(binary, [command, ...(args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"]), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let errors = "";
  program.stderr.on("data", (data) => (errors += data));
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    const slow = setTimeout(() => reject(new Error(`no address after 60 seconds\n${printed}\n${errors}`)), 60_000);
    program.stdout.on("data", (data) => {
      printed += data;
      const found = printed.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) {
        clearTimeout(slow);
        resolve(found[0]);
      }
    });
    ended.then((code) => reject(new Error(`the program ended with ${code}\n${printed}\n${errors}`)));
  });
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${address}/ready`).catch(() => null);
    if (answer?.status === status) break;
    if (tries === 200) program.kill("SIGKILL");
    assert.ok(tries < 200, `${address}/ready does not answer: ${answer?.status}\n${errors}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    address,
    /** What the program has said on standard error so far. */
    errors: () => errors,
    /** The people of the demo, as the program printed them: e-mail and words. */
    people: () => [...printed.matchAll(/^ {2}(\S+@\S+) +(.+)$/gm)].map(([, email, words]) => ({ email, words })),
    /** The password the demo printed. */
    password: () => printed.match(/password of each is {2}(\S+)/)?.[1],
    async close() {
      program.kill("SIGTERM");
      const stuck = setTimeout(() => program.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(stuck);
    },
  };
}

/** The browser, for all people of a test file. */
export async function browser() {
  assert.ok(existsSync(chromePath), `${chromePath} is missing: install the package \`chromium\``);
  return chromium.launch({
    executablePath: chromePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * A person at a screen of their own.
 * Everything the page complains about (a blocked script, an error in one, a broken address) is collected in `page.complaints`.
 */
export async function person(chrome, address, { email, password, scripts = true, size = desk } = {}) {
  const context = await chrome.newContext({ baseURL: address, javaScriptEnabled: scripts, viewport: size, locale: "en-GB", reducedMotion: "reduce" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.complaints = [];
  page.scripts = scripts;
  page.password = password;
  page.on("pageerror", (error) => page.complaints.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // A refused form answers 422, a clash 409 and a no 403; the browser reports them as a failed load, and they are meant.
    if (message.type() === "error" && !/status of (403|409|422)/.test(message.text())) page.complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== address) page.complaints.push(`the page asked another host: ${request.url()}`);
  });
  if (email) await signIn(page, email, password);
  return page;
}

/** The recovery codes that are left, by address of the program and e-mail. */
const paper = new Map();

/** The code that an authenticator app shows for a key (RFC 6238). */
function appCode(key) {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(" ", "")].map((sign) => signs.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", secret).update(step).digest();
  const value = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, "0");
}

const codesOn = (page) => page.locator(".c-codes .c-code").allInnerTexts();

/** The page after the password: sets the app up the first time, else enters a code on paper, or the one that the demo shows. */
export async function secondStep(page, email, password) {
  const who = `${new URL(page.url()).origin} ${email}`;
  const firstTime = (await page.locator("#key").count()) > 0;
  let code = (paper.get(who) ?? []).pop();
  if (firstTime) {
    if (page.scripts) await axe(page);
    await fits(page);
    code = appCode(await page.locator("#key").innerText());
  } else if (!code) {
    code = await page.locator("#demo-code").innerText();
  }
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
  const shown = await codesOn(page);
  if (shown.length > 0) {
    if (page.scripts) await axe(page);
    await fits(page);
    paper.set(who, shown);
    await page.getByRole("button", { name: "I have kept them" }).or(page.getByRole("link", { name: "I have kept them" })).click();
  } else if (!paper.get(who)?.length) {
    // A code of the app works once, and the next comes in half a minute: codes on paper for the other times.
    const there = page.url();
    await page.goto("/you");
    await page.getByLabel("Your password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Make new recovery codes" }).click();
    paper.set(who, await codesOn(page));
    await page.goto(there);
  }
}

/** Signs in with both steps and checks that it succeeded. */
export async function signIn(page, email, password) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await secondStep(page, email, password);
  assert.ok(!page.url().includes("/sign-in"), `${email} could not sign in: ${await page.locator("main").innerText()}`);
}

/**
 * After a manager has invited someone where no mail is sent: takes the link that is shown once, and goes on to the person's page.
 * Answers the path of the link.
 */
export async function invitationLink(page) {
  const link = await page.locator("#link").innerText();
  await page.getByRole("link", { name: "I have it: continue" }).or(page.getByRole("button", { name: "I have it: continue" })).click();
  return link.slice(link.indexOf("/sign-up/"));
}

/** Accepts an invitation with a password; the second step is set up at the first sign-in. */
export async function accept(chrome, address, link, password) {
  const page = await person(chrome, address);
  await page.goto(link);
  await page.getByLabel("Choose a password").fill(password);
  await page.getByLabel("The same password again").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Set up your second step" }).waitFor();
  await page.context().close();
}

/** Gives a page a device that keeps passkeys and has made sure of the person. */
export async function device(page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send("WebAuthn.enable");
  const { authenticatorId } = await tools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return { verified: (isUserVerified) => tools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }) };
}

/** What the accessibility rules of WCAG 2.2 A and AA and good practice find on the page, as sentences. */
export async function findings(page) {
  assert.ok(page.scripts, "the check is itself a script: it needs a page with scripts on");
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.target.join(" ")} ${node.html.slice(0, 160)}`));
}

/** Fails when the accessibility check finds anything. */
export async function axe(page) {
  assert.deepEqual(await findings(page), [], `the accessibility check at ${page.url()}`);
}

/** Fails when the page is wider than the screen, so that one would have to scroll in two directions. */
export async function fits(page) {
  const { wide, screen, sticks } = await page.evaluate(() => {
    const screen = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("main *, header *")].filter((e) => e.getBoundingClientRect().right > screen + 1 && e.checkVisibility());
    return { wide: document.documentElement.scrollWidth, screen, sticks: out.slice(0, 3).map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`) };
  });
  assert.ok(wide <= screen, `${page.url()} is ${wide} pixels wide on a screen of ${screen}: ${sticks.join(" | ")}`);
}

/**
 * Pictures of the page at the width of a desk and of a phone, in `test-results/`.
 * `also` names a file of the repository for what a desk shows at first sight; it is written only when CANDOUR_PICTURES is set,
 * so that a run of the tests leaves the work tree as it was.
 */
export async function shot(page, name, also) {
  mkdirSync(results, { recursive: true });
  const before = page.viewportSize();
  for (const [size, word] of [[desk, "desk"], [phone, "phone"]]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(results, `${name}-${word}.png`), fullPage: true });
    if (also && word === "desk" && process.env.CANDOUR_PICTURES) {
      mkdirSync(dirname(join(top, also)), { recursive: true });
      await page.screenshot({ path: join(top, also) });
    }
  }
  await page.setViewportSize(before);
}

/** Fills the three boxes of a day; `day` is like 2026-11-27. */
export async function fillDay(page, name, day) {
  const [year, month, date] = day.split("-").map(Number);
  for (const [part, value] of [["day", date], ["month", month], ["year", year]]) await page.locator(`[name="${name}-${part}"]`).fill(String(value));
}

/** The page as it has to be, for the eye and for assistive technology, at each width, and its picture; also for the guide where a name for that is given. */
export async function good(page, name, also) {
  await shot(page, name, also && `docs/guide/pictures/${also}.png`);
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    await axe(page);
  }
  await page.setViewportSize(zoomed);
  await fits(page);
  await page.setViewportSize(desk);
}

/** The day `n` days before today, as 2026-11-27. */
export function daysAgo(n) {
  const day = new Date(Date.now() - n * 86_400_000);
  return day.toISOString().slice(0, 10);
}

/** Chooses a radio or ticks a box by its name and value. */
export async function choose(page, name, value) {
  await page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true });
}

/** Presses a button by its words and says what was wrong when the page came back with problems. */
export async function press(page, words) {
  await page.getByRole("button", { name: words }).first().click();
  // Whoever signed in some minutes ago is asked again before access is granted.
  if (page.password && /^Confirm that it is you/.test(await page.title())) {
    await page.locator("#proved-password").fill(page.password);
    await page.getByRole("button", { name: "Confirm and go on" }).click();
  }
  const summary = page.locator(".govuk-error-summary");
  if (await summary.count()) assert.fail(`"${words}" at ${page.url()}: ${await summary.innerText()}`);
  assert.ok(!/There is a problem with/.test(await page.title()), `"${words}" led to ${page.url()}`);
}
