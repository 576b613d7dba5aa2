// Passkeys: a button asks the server what to prove, the browser asks the device, and the form around it carries the answer.
const read = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const write = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// What the server asks, with bytes where the browser wants them.
const asked = (options) => {
  const all = (list) => list?.map((one) => ({ ...one, id: read(one.id) }));
  const ready = { ...options, challenge: read(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: read(options.user.id) };
  if (options.allowCredentials) ready.allowCredentials = all(options.allowCredentials);
  if (options.excludeCredentials) ready.excludeCredentials = all(options.excludeCredentials);
  return ready;
};

// What the device gave, as text.
const given = ({ id, rawId, type, response }) => {
  const text = {};
  for (const name of ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) text[name] = write(response[name]);
  }
  return JSON.stringify({ id, rawId: write(rawId), type, response: text, extensions: {} });
};

for (const part of document.querySelectorAll("[data-passkey]")) {
  const form = part.closest("form");
  const button = part.querySelector("[data-passkey-button]");
  const said = part.querySelector("[data-passkey-said]");
  // A passkey works at the address it was made for, and nowhere else.
  part.hidden = !window.PublicKeyCredential || location.origin !== part.dataset.passkeyAt;
  button.addEventListener("click", async () => {
    said.hidden = true;
    button.disabled = true;
    let words = "The server could not be asked just now. Try again, or go on without the passkey.";
    try {
      const answer = await fetch(part.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
      const told = await answer.json();
      if (told.say) words = told.say;
      if (!answer.ok) throw new Error(String(answer.status));
      words = "No passkey was used. Try again, or go on without it.";
      const options = asked(told.options.publicKey);
      const key = options.user ? await navigator.credentials.create({ publicKey: options }) : await navigator.credentials.get({ publicKey: options });
      form.elements.ceremony.value = told.ceremony;
      form.elements.passkey.value = given(key);
      form.submit();
    } catch {
      said.textContent = words;
      said.hidden = false;
      button.disabled = false;
    }
  });
}
