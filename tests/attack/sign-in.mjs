// Signs in to a demo as one of its people, over HTTP alone, and prints the cookie. Used by script/attack.
const [address, email, password] = process.argv.slice(2);
const jar = new Map();
async function ask(path, form) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await fetch(address + path, {
    redirect: "manual",
    headers: { cookie, origin: address, "sec-fetch-site": "same-origin" },
    ...(form && { method: "POST", body: new URLSearchParams(form) }),
  });
  for (const one of answer.headers.getSetCookie()) {
    const [name, value] = one.split(";")[0].split(/=(.*)/s);
    jar.set(name, value);
  }
  return answer;
}
const page = await (await ask("/sign-in", { email, password })).text();
const code = page.match(/id="demo-code"[^>]*>(\d+)</)?.[1];
if (!code) throw new Error("the page after the password shows no code");
const done = await ask("/sign-in/code", { code });
if (!jar.get("candour") || ![200, 303].includes(done.status)) throw new Error(`the code was answered with ${done.status}`);
console.log(jar.get("candour"));
