// <pass-key>: its form is filled in by a passkey, and then sent. Where there can be none it goes, with what is in it:
// in old browsers, and where the site has no name but a number.
const CAN = window.PublicKeyCredential?.parseRequestOptionsFromJSON && !/^[\d.]+$|:/.test(location.hostname);

customElements.define(
  "pass-key",
  class extends HTMLElement {
    connectedCallback() {
      if (!CAN) return this.remove();
      this.form = this.querySelector("form");
      this.form?.addEventListener("submit", (event) => this.ask(event));
    }

    async ask(event) {
      const [credential, token] = this.querySelectorAll("[name=credential], [name=challenge_token]");
      if (credential.value) return;
      event.preventDefault();
      // Whether to stay logged in is chosen in the form of the password.
      const remember = this.querySelector("[name=remember]");
      if (remember) remember.value = document.getElementById("remember").checked;
      const told = this.querySelector("[role=status]");
      told.textContent = "";
      try {
        const asked = await options(this.dataset);
        credential.value = JSON.stringify(await answer(this.dataset.purpose, asked.options));
        token.value = asked.challenge_token;
      } catch {
        // Refused by whoever sits there, not found, or Cairn cannot be reached.
        told.textContent = _("No passkey was used. Try again.");
        return;
      }
      this.form.requestSubmit(event.submitter);
    }
  },
);

async function options({ purpose, options }) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const asked = await fetch(options, { method: "POST", headers, body: JSON.stringify({ purpose }) });
  if (!asked.ok) throw new Error(asked.status);
  return asked.json();
}

function answer(purpose, options) {
  return purpose === "add"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}
