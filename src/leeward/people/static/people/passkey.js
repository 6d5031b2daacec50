// Shows what needs passkeys where the browser has them, and says on the page when none came (allauth's script would only
// write it to the console).
const able = Boolean(window.PublicKeyCredential);
for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = (part.dataset.passkey === "yes") !== able;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  problem.hidden = false;
  problem.scrollIntoView({ block: "center" });
});
