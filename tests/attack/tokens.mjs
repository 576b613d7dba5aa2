// Gives two systems access in a demo, over HTTP alone: one that reads the first case, and one that answers for the agency of somebody who
// leads one. Prints their tokens, one on a line. Used by script/attack.
const [address, manager, lead] = process.argv.slice(2);

async function ask(cookie, path, form) {
  const answer = await fetch(address + path, {
    redirect: "manual",
    headers: { cookie: `candour=${cookie}`, origin: address, "sec-fetch-site": "same-origin" },
    ...(form && { method: "POST", body: new URLSearchParams(form) }),
  });
  const text = await answer.text();
  const said = text.match(/govuk-error-summary[\s\S]*?<\/ul>/)?.[0].replace(/<[^>]*>/g, " ");
  if (answer.status >= 400) throw new Error(`${path} was answered with ${answer.status}: ${said}`);
  return { text, to: answer.headers.get("location") };
}
const mark = async (cookie, page) => (await ask(cookie, page)).text.match(/name="csrf" value="([^"]*)"/)[1];
const options = (text, select) => [...(text.match(new RegExp(`<select[^>]*id="${select}"[\\s\\S]*?</select>`))?.[0] ?? "").matchAll(/value="([^"]*)"[^>]*>([^<]*)</g)];

async function token(name, owner, cookie, agency, part, chosen) {
  const page = (await ask(manager, "/people/services")).text;
  const found = options(page, "owner").find(([, , words]) => words.startsWith(owner))[1];
  const of = agency ? options(page, "agency").find(([, , words]) => words === agency)[1] : "";
  const day = new Date(Date.now() + 86_400_000 * 30);
  const given = await ask(manager, "/people/services", {
    csrf: await mark(manager, "/people/services"), name, purpose: "is attacked", owner: found, agency: of, networks: "127.0.0.0/8",
    "service-until-day": day.getUTCDate(), "service-until-month": day.getUTCMonth() + 1, "service-until-year": day.getUTCFullYear(),
  });
  const service = given.to.split("/").pop();
  for (const home of chosen) {
    const members = `${home}/members`;
    const there = (await ask(manager, members)).text;
    const ofCase = agency ? options(there, "agency").find(([, , words]) => words === agency)?.[1] : "";
    if (agency && !ofCase) continue;
    await ask(manager, members, { csrf: await mark(manager, members), what: "add", person: service, part, agency: ofCase, "add-why": "is attacked" });
  }
  const made = await ask(cookie, `/you/services/${service}/token`, { csrf: await mark(cookie, "/you/services") });
  return made.text.match(/candour_service_[a-z0-9]{32}/)[0];
}

const list = (await ask(manager, "/")).text;
const homes = [...new Set([...list.matchAll(/href="(\/cases\/[a-z0-9]+)/g)].map(([, home]) => home))];
console.log(await token("A reading system", "Morwenna Tallis", manager, "", "reads", homes.slice(0, 3)));
const agency = (await ask(lead, "/your-agency")).text.match(/Who of ([^<]*) has access/)[1];
console.log(await token("An answering system", "Rosalind Farthingale", lead, agency, "contributes", homes));
