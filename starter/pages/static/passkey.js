// Passkeys on the pages that offer them: without this script, they are simply not offered.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function call(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
}

async function create(label, password) {
  const asked = await call("/account/passkeys/challenge", { password });
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.host, name: asked.name },
      user: { id: bytes(asked.user), name: asked.user_name, displayName: asked.user_name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.known.map((id) => ({ type: "public-key", id: bytes(id) })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    },
  });
  await call("/account/passkeys", {
    label,
    id: made.id,
    client_data: text(made.response.clientDataJSON),
    attestation: text(made.response.attestationObject),
  });
  location.reload();
}

async function enter(next) {
  const asked = await call("/session/passkey/challenge", {});
  const signed = await navigator.credentials.get({
    publicKey: { challenge: bytes(asked.challenge), rpId: asked.host, userVerification: "required" },
  });
  await call("/session/passkey", {
    id: signed.id,
    client_data: text(signed.response.clientDataJSON),
    authenticator_data: text(signed.response.authenticatorData),
    signature: text(signed.response.signature),
  });
  location.assign(next);
}

function offer(form, act) {
  if (!form || !window.PublicKeyCredential) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = form.querySelector("[role=alert]");
    told.textContent = "";
    try {
      await act(new FormData(form));
    } catch (refused) {
      told.textContent =
        refused.name === "NotAllowedError" ? "La clé d’accès n’a pas été présentée." : refused.message;
    }
  });
}

offer(document.querySelector("#passkey-new"), (fields) => create(fields.get("label"), fields.get("password")));
offer(document.querySelector("#passkey-enter"), (fields) => enter(fields.get("next")));
