// A passkey, from adding it to removing it: with the browser's own virtual device, that makes sure of the person.
// A decision is signed with one in from-empty.test.mjs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, browser, candour, desk, device, fits, folder, person, phone, shot, signIn, start } from "./harness.mjs";

const email = "harriet.wexcombe@merrowshire.example";
let program;
let chrome;
let page;
let there;
let held;
const dir = join(folder(), "data");
before(async () => {
  program = await start("demo", "--data", dir);
  // A browser uses passkeys at a name only.
  there = program.address.replace("127.0.0.1", "localhost");
  chrome = await browser();
  page = await person(chrome, there);
  held = await device(page);
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** The page as it has to be, and its picture. */
async function good(name) {
  await shot(page, `passkeys-${name}`);
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    await axe(page);
    await fits(page);
  }
  await page.setViewportSize(desk);
}

const text = () => page.locator("main").innerText();

test("someone adds a passkey, with the password again", async () => {
  await signIn(page, email, program.password());
  await page.goto("/you");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Enter a name by which you will know it").waitFor();
  await page.getByLabel("Name of a new passkey").fill("Work laptop");
  await page.getByLabel("Your password, to add it").fill("not my password");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("The password is not right").waitFor();
  await page.getByLabel("Your password, to add it").fill(program.password());
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Your passkey is added.").waitFor();
  assert.match(await text(), /Work laptop/);
  await good("you");
});

test("they sign in with it alone", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await good("sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForURL((url) => url.pathname === "/");
  assert.match(await page.locator("header").innerText(), /Harriet Wexcombe/);
});

test("the second step takes it after the password, and it stands in for the password", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(program.password());
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Use your passkey" }).waitFor();
  await good("step");
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/you");
  await page.getByRole("button", { name: "Make new codes with your passkey" }).click();
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
});

test("a device that does not know the passkey, or did not make sure of the person, signs nobody in", async () => {
  const stranger = await person(chrome, there);
  await device(stranger);
  await stranger.goto("/sign-in");
  await stranger.getByRole("button", { name: "Sign in with a passkey" }).click();
  await stranger.getByText("No passkey was used.").waitFor();
  await page.goto("/you");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await held.verified(false);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("No passkey was used.").waitFor();
  await held.verified(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL((url) => url.pathname === "/");
});

test("it can be removed, as there is the app, and then signs nobody in", async () => {
  await page.goto("/you");
  await page.getByText("Remove a passkey").click();
  await page.getByLabel("Your password, to remove it").fill(program.password());
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByText(/The passkey .Work laptop. is removed/).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("The passkey did not work").first().waitFor();
  await good("refused");
});

test("without scripts there is no button, and the other ways are there", async () => {
  const plain = await person(chrome, there, { scripts: false });
  await plain.goto("/sign-in");
  assert.equal(await plain.getByRole("button", { name: "Sign in with a passkey" }).isVisible(), false);
  assert.ok(await plain.getByRole("button", { name: "Sign in", exact: true }).isVisible());
});

test("the record is whole", async () => {
  assert.deepEqual(page.complaints, []);
  await program.close();
  const checked = candour("record", "verify", "--data", dir);
  assert.equal(checked.code, 0, checked.out + checked.errors);
});
