// The conflict walk: a delegate declares an interest, the chair decides that he steps back from the whole case, his deputy signs in
// that place and the decision says so; and an opening with a written reason, told, reviewed and over. Each page is checked at the
// width of a desk and of a phone, and its picture taken; with CANDOUR_PICTURES set, those of the guide as well.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, choose, good as looked, person, press, start } from "./harness.mjs";

let program;
let chrome;
const people = {};
const names = { manager: "morwenna.tallis", chair: "beatrix.holloway-quill", delegate: "gareth.ollerden", deputy: "wren.castlemain", other: "anjali.marchbanks" };
before(async () => {
  program = await start("demo");
  chrome = await browser();
  for (const [name, email] of Object.entries(names)) {
    people[name] = await person(chrome, program.address, { email: `${email}@merrowshire.example`, password: program.password() });
  }
});
after(async () => {
  await chrome?.close();
  await program?.close();
});

/** The page, looked at in every way, with its picture. */
const good = (page, name, also) => looked(page, `interests-${name}`, also);

/** The address of the case that waits for signatures, and its reference. */
async function toSign(page) {
  await page.goto("/");
  const links = await page.getByRole("link", { name: "Read and sign the decision" }).evaluateAll((list) => list.map((a) => a.getAttribute("href")));
  assert.ok(links.length > 0, "no case of the demo waits for a signature of the police");
  const home = links[0].split("/").slice(0, 3).join("/");
  await page.goto(home);
  const reference = (await page.locator(".c-identity").innerText()).match(/MER-\d{4}-\d{3}/)?.[0];
  assert.ok(reference, "the case has a reference");
  return { home, reference };
}

test("a delegate declares an interest, steps back from everything, and his deputy signs in that place", async () => {
  const { manager, chair, delegate, deputy } = people;
  const { home, reference } = await toSign(delegate);

  await delegate.goto(home);
  await delegate.getByRole("link", { name: "Why can I see this case?" }).click();
  assert.match(await delegate.locator("main").innerText(), /A delegate gives a view and signs for a partner/);
  await good(delegate, "why", "why");
  await delegate.goto(`${home}/interests`);
  await good(delegate, "none");
  await delegate.getByRole("button", { name: "Declare an interest of your own" }).click();
  await good(delegate, "declare");
  await delegate.getByRole("button", { name: "Declare this interest" }).click();
  assert.match(await delegate.locator(".govuk-error-summary").innerText(), /Choose what kind/);
  await choose(delegate, "kind", "family");
  await delegate.locator("#words").fill("The children's aunt and I sing in the same choir, and we talk.");
  await delegate.locator("#since").fill("since 2019");
  await press(delegate, "Declare this interest");
  await good(delegate, "declared");

  // Nobody signs until it is decided about.
  await delegate.goto(`${home}/decision`);
  assert.match(await delegate.locator("#missing").innerText(), /Decide about the interest that Gareth Ollerden declared/);
  await good(delegate, "before-anyone-signs");

  await chair.goto("/");
  await good(chair, "chair-needs");
  await chair.getByRole("link", { name: "Decide about the interest that Gareth Ollerden declared" }).first().click();
  await good(chair, "to-decide");
  await chair.getByRole("link", { name: /^Decide about the interest/ }).click();
  await choose(chair, "outcome", "steps-back");
  await good(chair, "decide");
  await chair.getByRole("button", { name: "Record this decision" }).click();
  assert.match(await chair.locator(".govuk-error-summary").innerText(), /parts of the case/);
  await choose(chair, "from", "everything");
  await chair.locator("#why").fill("He would hear of the family at choir, and they of him.");
  await press(chair, "Record this decision");
  await good(chair, "stepped-back");

  // For him the case is now as if it were not there: at once, in the list, by its address and by its reference.
  const gone = await delegate.goto(home);
  assert.equal(gone.status(), 404);
  await good(delegate, "not-there");
  const never = await delegate.goto("/cases/aaaaaaaaaaaaaaaa");
  assert.equal(never.status(), 404);
  await delegate.goto("/");
  assert.ok(!(await delegate.locator("body").innerText()).includes(reference));
  await delegate.goto(`/?q=${reference}`);
  assert.match(await delegate.locator("main").innerText(), /No case of yours has these words/);
  const answers = [];
  for (const asked of [reference, "MER-1999-999"]) {
    await delegate.goto("/open-with-reason");
    await delegate.locator("#reference").fill(asked);
    await delegate.locator("#why").fill("I would like to read it");
    await delegate.getByLabel("Your password, again").fill(program.password());
    await delegate.getByRole("button", { name: "Open this case" }).click();
    answers.push(await delegate.locator(".govuk-error-summary").innerText());
  }
  assert.equal(answers[0], answers[1], "a reference that is not theirs to open answers as one that does not exist");
  await good(delegate, "not-to-open");

  // The deputy is added and signs.
  await manager.goto(`${home}/interests`);
  await good(manager, "deputy-missing");
  await manager.getByRole("link", { name: "Add them to the case" }).click();
  await manager.locator("#person").selectOption({ label: (await manager.locator("#person option").allInnerTexts()).find((words) => words.startsWith("Wren Castlemain")) });
  await choose(manager, "part", "decides");
  await manager.locator("#add-why").fill("Acts for the police in place of Gareth Ollerden");
  await press(manager, "Add this person");
  await good(manager, "members");
  await deputy.goto(`${home}/decision`);
  assert.match(await deputy.locator("main").innerText(), /Gareth Ollerden stepped back/);
  await good(deputy, "deputy-decision");
  await deputy.getByRole("button", { name: /Read and sign/ }).or(deputy.getByRole("link", { name: /Read and sign/ })).first().click();
  assert.match(await deputy.locator("#text").innerText(), /Stepped back from this decision: Gareth Ollerden/);
  assert.ok(!(await deputy.locator("#text").innerText()).includes("choir"), "what the interest is stays out of the text");
  await choose(deputy, "view", "agrees");
  await deputy.getByLabel("Your password, again").fill(program.password());
  await press(deputy, "Sign this decision");
  assert.match(await deputy.locator("main").innerText(), /Wren Castlemain acted in that place/);
  await good(deputy, "signed-in-place");
});

test("a case is opened with a written reason, read, told of, and reviewed", async () => {
  const { manager, other } = people;
  const { home, reference } = await toSign(other);
  await manager.goto(`${home}/members`);
  await manager.getByText("Remove someone").click();
  await manager.locator("#remove-person").selectOption({ label: "Anjali Marchbanks" });
  await manager.locator("#remove-why").fill("Does not act in this case");
  await press(manager, "Remove this person");
  assert.equal((await other.goto(home)).status(), 404);
  await other.goto("/");
  await other.getByRole("link", { name: /Open a case you do not take part in/ }).click();
  await good(other, "open");
  await other.getByRole("button", { name: "Open this case" }).click();
  assert.match(await other.locator(".govuk-error-summary").innerText(), /Enter the reference[^]*Enter why/);
  await other.locator("#reference").fill(reference);
  await other.locator("#why").fill("The ward rang tonight about the younger boy, and nobody who takes part could be reached.");
  await other.getByLabel("Your password, again").fill("not it");
  await other.getByRole("button", { name: "Open this case" }).click();
  assert.match(await other.locator(".govuk-error-summary").innerText(), /password is not right/);
  await other.getByLabel("Your password, again").fill(program.password());
  await press(other, "Open this case");
  assert.equal(new URL(other.url()).pathname, home);
  assert.match(await other.locator(".c-identity").innerText(), /You opened this with a written reason/);
  await good(other, "opened");
  await other.goto(`${home}/why`);
  await good(other, "opened-why");
  assert.equal((await other.goto(`${home}/decision/text`)).status(), 403);

  await manager.goto("/");
  await good(manager, "told");
  await manager.getByRole("link", { name: /Anjali Marchbanks opened this case/ }).first().click();
  await good(manager, "openings");
  await manager.goto(home);
  await good(manager, "told-overview");
  await manager.goto(`${home}/readers`);
  assert.match(await manager.locator("main").innerText(), /With a written reason/i);
  await good(manager, "readers");
  await manager.goto(`${home}/openings`);
  await manager.getByRole("link", { name: /^Review/ }).click();
  await good(manager, "review");
  await choose(manager, "right", "yes");
  await manager.locator("#words").fill("The ward's call is in its log. She read the overview and told the ward whom to ring.");
  await press(manager, "Record this review");
  await good(manager, "reviewed");
});

test("the cases of the demo show an interest stated, and a deputy who signed for someone who stepped back", async () => {
  const { manager } = people;
  await manager.goto("/");
  const homes = await manager
    .locator('main a[href^="/cases/"]')
    .evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute("href").split("/").slice(0, 3).join("/")))]);
  const seen = new Set();
  for (const home of homes) {
    await manager.goto(`${home}/interests`);
    const text = await manager.locator("main").innerText();
    if (/takes part, with the interest stated/.test(text)) {
      seen.add("stated");
      await good(manager, "demo-stated", "interests");
      await manager.goto(`${home}/rapid-review`);
      assert.match(await manager.locator("main").innerText(), /Interests declared: Harriet Wexcombe/);
      await good(manager, "demo-meeting");
    }
    if (/steps back from the decision and signing/.test(text)) {
      seen.add("stepped back");
      await good(manager, "demo-stepped-back");
      await manager.goto(`${home}/decision`);
      assert.match(await manager.locator("main").innerText(), /Wren Castlemain acted in that place/);
      await good(manager, "demo-decision");
    }
  }
  assert.deepEqual([...seen].sort(), ["stated", "stepped back"]);
});
