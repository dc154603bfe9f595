/* Comforts of the facilitator's pages, which work without them. */

/* Attendance is kept row by row; keys 1 to 5 choose and go on to the next row. */
const sheet = document.querySelector("form.attendance");

const keep = async (row) => {
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
