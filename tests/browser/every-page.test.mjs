// Follows every link of the demo as the people who use it, and on each kind of page checks:
// it answers; the accessibility check finds nothing, at desk and phone width; nothing runs off a narrow screen;
// the page is worth the same without scripts; no script of a page fails and nothing is asked of another host.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, desk, fits, person, phone, start, zoomed } from "./harness.mjs";

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

/** How many pages of one kind are opened for each person. */
const EACH = 2;
/** These are checked as documents elsewhere. */
const DOCUMENT = /\.(pdf|docx|json|toml|ics|xlsx)$|\/documents\/files\/[0-9a-f]+$/;

/** The kind of page an address leads to: what differs from case to case and person to person is left out. */
function kind(path) {
  return path
    .split("?")[0]
    .replace(/\/cases\/[^/]+/, "/cases/*")
    .replace(/\/(consideration|definition|story|family|people)\/(?!new\b|child\b|adult\b|relationship\b|principles\b)[^/]+/, "/$1/*")
    .replace(/\/(child|adult|agency|process)\/(?!new\b)[^/]+/, "/$1/*")
    .replace(/\/(view|sign|signed)\/[^/]+\/[^/]+/, "/$1/*/*")
    .replace(/\/guidance\/[^/]+\/compared\/[^/]+/, "/guidance/*/compared/*")
    .replace(/\/guidance\/[^/]+$/, "/guidance/*")
    .replace(/^\/r\/.+/, "/r/*");
}

async function links(page) {
  const all = await page.locator("a[href]:not([download])").evaluateAll((list) => list.map((a) => a.href));
  const own = all.filter((href) => href.startsWith(`${program.address}/`)).map((href) => href.slice(program.address.length).split("#")[0]);
  return [...new Set(own)].filter((path) => path && !DOCUMENT.test(path.split("?")[0]));
}

/** What a page offers to keep as a file is there, and comes as a file. */
async function downloads(page) {
  const all = await page.locator("a[href][download]").evaluateAll((list) => list.map((a) => a.href));
  for (const href of all.slice(0, EACH)) {
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200, href);
    assert.match(answer.headers()["content-disposition"] ?? "", /^attachment/, href);
  }
}

/** Opens pages until no kind is left; fails with everything that was wrong; gives what was seen. */
async function follow(page, from, look) {
  const queue = [...from];
  const met = new Set(queue);
  const seen = new Map();
  const wrong = [];
  while (queue.length > 0) {
    const path = queue.shift();
    const which = kind(path);
    if ((seen.get(which) ?? 0) >= EACH) continue;
    seen.set(which, (seen.get(which) ?? 0) + 1);
    const answer = await page.goto(path);
    if (answer.status() !== 200) {
      wrong.push(`${path} answers ${answer.status()}`);
      continue;
    }
    try {
      await look(path);
      await downloads(page);
    } catch (error) {
      wrong.push(`${path}: ${error.message}`);
    }
    for (const next of await links(page)) {
      if (!met.has(next)) {
        met.add(next);
        queue.push(next);
      }
    }
  }
  assert.equal(wrong.length, 0, wrong.join("\n\n"));
  return [...seen.keys()].sort();
}

const email = (part) => program.people().find((p) => p.words.includes(part))?.email ?? assert.fail(`nobody is ${part}`);

/** Everything that is asked of a page with scripts. */
async function complete(page, path) {
  assert.equal(await page.locator("h1").count(), 1, `${path} has one main heading`);
  await page.setViewportSize(desk);
  await axe(page);
  await page.setViewportSize(phone);
  await axe(page);
  await fits(page);
  await page.setViewportSize(zoomed);
  await fits(page);
  await page.setViewportSize(desk);
  assert.deepEqual(page.complaints, [], path);
}

test("every page a business manager can reach is accessible and fits every screen", async (t) => {
  const page = await person(chrome, program.address, { email: email("Business manager"), password: program.password() });
  const seen = await follow(page, ["/", "/sign-in", "/accessibility", "/guide"], (path) => complete(page, path));
  t.diagnostic(`${seen.length} kinds of page: ${seen.join(" ")}`);
  for (const expected of ["/cases/*", "/cases/*/people", "/cases/*/consideration/*", "/cases/*/decision", "/cases/*/family/*", "/cases/*/story/*", "/open-a-case", "/people/*"]) {
    assert.ok(seen.includes(expected), `${expected} was reached`);
  }
});

test("every page a delegate, a chair, a reader and an administrator can reach is accessible", async () => {
  for (const part of ["Delegated safeguarding partner", "Partnership chair", "Reader", "Administrator"]) {
    const page = await person(chrome, program.address, { email: email(part), password: program.password() });
    await follow(page, ["/"], async (path) => {
      assert.equal(await page.locator("h1").count(), 1, `${path} has one main heading`);
      await axe(page);
      assert.deepEqual(page.complaints, [], path);
    });
    await page.context().close();
  }
});

test("every page shows the same words and fields without scripts", async () => {
  const who = { email: email("Business manager"), password: program.password() };
  const without = await person(chrome, program.address, { ...who, scripts: false });
  const withScripts = await person(chrome, program.address, who);
  const worth = (page) =>
    page.evaluate(() => ({
      heading: document.querySelector("h1")?.textContent,
      fields: [...document.querySelectorAll("main [name]")].map((f) => f.getAttribute("name")),
      buttons: [...document.querySelectorAll("main button[type=submit]")].map((b) => b.textContent),
    }));
  await follow(without, ["/"], async (path) => {
    await withScripts.goto(path);
    assert.deepEqual(await worth(without), await worth(withScripts), path);
    // What scripts would fold away must be readable without them.
    const hidden = await without.locator("main input:not([type=hidden]), main select, main textarea:not([hidden])").evaluateAll((fields) =>
      fields.filter((f) => !f.checkVisibility() && !f.closest("details:not([open])")).map((f) => f.name),
    );
    assert.deepEqual(hidden, [], `${path}: these fields cannot be reached without scripts`);
  });
});

test("the demo says nothing on standard error and no content in its logs", () => {
  assert.equal(program.errors().trim(), "");
});
