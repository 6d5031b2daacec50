/* The page "my picture": reads what somebody chose, shows how many fingerprints there are, and puts them into the form.

   The place to choose files has no name and stands in a form of its own that is never sent. All sentences come with the
   page. Nothing is kept: the chosen files are let go once they are read. Where this script can't run, the page stays as it
   came: it says so and leads on to the report. */
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const chooser = byId("chooser"), files = byId("files"), told = byId("told"), form = byId("send");
  const lines = byId("fingerprints"), again = byId("again"), notes = byId("why-not");
  const MOST_FILES = 10;

  const linesNow = () => lines.value.split("\n").filter(Boolean);
  const countOf = (line) => line.split(" ").length - 1;

  function say(text) { told.textContent = text; }

  function show() {
    const count = linesNow().reduce((sum, line) => sum + countOf(line), 0);
    form.hidden = again.hidden = !count;
    if (count) say(told.dataset.ready.replace("%s", String(count)));
  }

  function explain(whys) {
    let shown = 0;
    for (const note of notes.children) {
      note.hidden = !whys.has(note.dataset.why);
      shown += note.hidden ? 0 : 1;
    }
    notes.hidden = !shown;
  }

  async function read() {
    const chosen = Array.from(files.files), whys = new Set(), kept = linesNow();
    if (!chosen.length) return;
    files.disabled = true;
    for (const [place, file] of chosen.entries()) {
      if (kept.length >= MOST_FILES) {
        whys.add("many");
        break;
      }
      say(told.dataset.working + (chosen.length > 1 ? ` ${place + 1}/${chosen.length}` : ""));
      try {
        if (!file.size) throw new Error("empty");
        const found = await OwnPicture.ofFile(file), line = OwnPicture.lineOf(found);
        if (found.why) whys.add(found.why === "canvas" ? "canvas" : "exact");
        if (!kept.includes(line)) kept.push(line);
      } catch (error) {
        whys.add("unread");
      }
    }
    chooser.reset();
    files.disabled = false;
    lines.value = kept.join("\n");
    if (!kept.length) say("");
    explain(whys);
    show();
    (kept.length ? told : notes).focus();
  }

  files.addEventListener("change", read);
  again.addEventListener("click", () => {
    lines.value = "";
    chooser.reset();
    explain(new Set());
    show();
    say("");
    files.focus();
  });
  for (const answer of document.querySelectorAll("input[name=young]")) {
    answer.addEventListener("change", () => { byId("grown").hidden = !byId("young-no").checked; });
  }
  const without = byId("without");
  if (without) without.hidden = true;
  chooser.hidden = false;
  show();
})();
