/* Small comforts on top of pages that work without them. */

for (const box of document.querySelectorAll(".password")) {
  const field = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "password-show";
  const say = () => {
    const shown = field.type === "text";
    button.textContent = shown ? box.dataset.hide : box.dataset.show;
    button.setAttribute("aria-label", `${button.textContent} ${box.dataset.about}`);
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    say();
    field.focus();
  });
  field.form?.addEventListener("submit", () => { field.type = "password"; });
  say();
  box.append(button);
}

const zone = document.querySelector("select#zone");
if (zone && (zone.value === "" || zone.dataset.guess !== undefined)) {
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  /* A browser may know a place by another name than the list does. */
  const called = (name) => { try { return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone; } catch { return ""; } };
  const names = [...zone.options].map((option) => option.value);
  const found = names.includes(guess) ? guess : names.find((name) => name && called(name) === called(guess));
  if (found) zone.value = found;
}

/* In a row of tabs that is wider than the screen, the one at hand is seen. */
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

/* Words that are typed and not kept yet are not left by mistake. */
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.matches("form[method=post] textarea")) typed = true;
});
document.addEventListener("submit", (event) => { if (event.target.method === "post") typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

/* Only the button that was pressed changes its words, and only once the form is on its way:
   a button switched off before that would not be sent with the form. */
document.addEventListener("submit", (event) => {
  const words = event.submitter?.querySelector("span");
  const saving = event.submitter?.dataset.sending ?? document.documentElement.dataset.saving;
  if (event.defaultPrevented || event.target.method !== "post" || !words || !saving) return;
  setTimeout(() => {
    event.submitter.disabled = true;
    event.submitter.dataset.words = words.textContent;
    words.textContent = saving;
  });
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    button.querySelector("span").textContent = button.dataset.words;
  }
});
