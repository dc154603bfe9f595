/* Comforts of the facilitator's pages, which work without them. */

/* Attendance is kept row by row; keys 1 to 5 choose and go on to the next row. */
const sheet = document.querySelector("form.attendance");

const count = sheet?.querySelector("[data-said]");
const others = sheet?.querySelector("[data-others]");
const who = sheet?.querySelector("[data-most]");

/* Whom the button for the others would note: as many by name as the page itself says. */
const tellOthers = () => {
  const left = [...sheet.querySelectorAll("[data-expected]")].filter((row) => !row.querySelector(":checked"));
  const names = left.map((row) => row.querySelector("legend").textContent);
  const most = Number(who.dataset.most);
  who.textContent = names.slice(0, most).join(", ") + (names.length > most ? " …" : "");
  if (!names.length) [others, who.parentElement].forEach((one) => one.remove());
};

const keep = async (row) => {
  const noted = sheet.querySelectorAll("input:checked").length;
  if (count) count.textContent = count.dataset.said.replace("{n}", noted);
  if (others) others.firstElementChild.textContent = others.dataset.others;
  if (who) tellOthers();
  const chosen = row.querySelector("input:checked");
  const word = row.querySelector("[role=status]");
  const body = new URLSearchParams({
    csrf_token: sheet.elements.csrf_token.value,
    session: sheet.elements.session.value,
    [chosen.name]: chosen.value,
  });
  try {
    const answer = await fetch(sheet.action, { method: "POST", body, headers: { Accept: "application/json" } });
    word.textContent = answer.ok ? sheet.dataset.kept : sheet.dataset.notKept;
    if (answer.ok) sheet.elements.shown.value += ` ${chosen.name}:${chosen.value}`;
  } catch {
    word.textContent = sheet.dataset.notKept;
  }
};

sheet?.addEventListener("change", (event) => keep(event.target.closest("fieldset")));
sheet?.addEventListener("keydown", (event) => {
  const row = event.target.closest("fieldset");
  const mark = row?.querySelectorAll("input")[Number(event.key) - 1];
  if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  mark.checked = true;
  keep(row);
  (row.nextElementSibling?.querySelector("input:checked, input") ?? sheet.querySelector("button")).focus();
});

/* While leading: which part it is by the clock of the session, and how many minutes it still has. */
const lead = document.querySelector(".lead-view[data-minutes]");

if (lead) {
  const { now, begins, minutes, left } = lead.dataset;
  const starts = minutes.split(" ").map(Number);
  const parts = [...lead.querySelectorAll(".plan-part")];
  const ahead = Date.parse(now) - Date.now();
  const words = Object.assign(document.createElement("span"), { className: "plan-left" });
  const tell = () => {
    const at = (Date.now() + ahead - Date.parse(begins)) / 60000;
    words.remove();
    parts.forEach((part, n) => {
      part.removeAttribute("aria-current");
      if (at < starts[n] || at >= starts[n + 1]) return;
      part.setAttribute("aria-current", "step");
      words.textContent = left.replace("{n}", Math.ceil(starts[n + 1] - at));
      part.querySelector(".plan-clock").append(words);
    });
  };
  tell();
  setInterval(tell, 10000);
}
