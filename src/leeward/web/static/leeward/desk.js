// The desk's keys. Everything they do can be done without them; they can be switched off in the dialog that "?" opens.
"use strict";
(() => {
  const PAUSE_MS = 1200;
  const SWITCH = "leeward.keys";
  let before = "";
  let beforeAt = 0;

  const isOn = () => localStorage.getItem(SWITCH) !== "off";
  const isTyping = (element) =>
    element.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(element.type));
  const isSeen = (element) => !element.disabled && element.getClientRects().length > 0 && !isFolded(element);
  // Within what is folded up; its heading is not.
  function isFolded(element) {
    const folded = element.closest("details:not([open])");
    if (!folded) return false;
    return !folded.querySelector(":scope > summary")?.contains(element) || isFolded(folded.parentElement);
  }

  const openDialog = () => document.querySelector("[popover]:popover-open");

  function name(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return event.shiftKey && event.key.length > 1 ? `Shift+${key}` : key;
  }

  function act(element) {
    if (element.matches("input:not([type=checkbox], [type=radio]), select, textarea")) {
      element.focus();
      if (element.select) element.select();
    } else if (element.matches("details[open] > summary") && !element.parentElement.contains(document.activeElement)) {
      begin(element.parentElement);  // what is open already is not closed by the key that leads into it
    } else {
      element.click();
      if (element.matches("details[open] > summary")) begin(element.parentElement);
    }
  }

  // What a key opens and begins with a choice is answered by the next digit; what begins with a field is written at once.
  function begin(opened) {
    const field = [...opened.querySelectorAll("input:not([type=hidden]), select, textarea")].find(isSeen);
    (opened.querySelector("fieldset input[type=radio]") || field)?.focus();
  }

  // The pages of other groups have their keys on every page, though they are listed in the dialog only.
  const isReached = (element) => isSeen(element) || ("far" in element.dataset && !openDialog());

  function declared(keys) {
    const scope = openDialog() || document;
    return [...scope.querySelectorAll("[data-key]")].find((element) => element.dataset.key === keys && isReached(element));
  }

  function starts(key) {
    return [...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key.startsWith(`${key} `) && isReached(element));
  }

  // Rows: j and k move, Enter is the link's own, x marks.
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isSeen);
  const current = () => document.querySelector("[data-row].here");

  function goTo(row) {
    for (const other of document.querySelectorAll("[data-row].here")) {
      other.classList.remove("here");
      other.removeAttribute("aria-current");
    }
    row.classList.add("here");
    row.setAttribute("aria-current", "true");
    const target = row.querySelector("a[href], button");
    if (target) target.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(current());
    goTo(all[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step, 0), all.length - 1)]);
    return true;
  }

  function mark() {
    const box = current()?.querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  }

  function openRow() {
    if (document.activeElement !== document.body) return false;
    const link = current()?.querySelector("a[href]");
    if (link) link.click();
    return Boolean(link);
  }

  // Digits answer the question that has the focus, and no other, and lead to the next one; Backspace leads to the one before.
  const questions = () => [...document.querySelectorAll("[data-questions] fieldset")].filter(isSeen);
  const answers = (question) => [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const isOpen = (question) => !answers(question).some((answer) => answer.checked);

  function enter(question, how) {
    const all = question ? answers(question) : [];
    (all.find((answer) => answer.checked) || all[0])?.focus(how);
    if (!how) question?.scrollIntoView({ block: "nearest" });
    return all.length > 0;
  }

  // A page with questions begins with the first one that is open, or with the first where all are answered.
  function beginWithQuestion() {
    if (!isOn() || document.activeElement !== document.body || openDialog()) return;
    const all = questions();
    enter(all.find(isOpen) || all[0], { preventScroll: true });
  }

  function choose(digit) {
    const question = document.activeElement?.closest("fieldset");
    const answer = question && isSeen(question) ? answers(question)[digit - 1] : null;
    if (!answer || answer.disabled) return false;
    answer.focus();
    answer.click();
    const all = questions();
    const at = all.indexOf(question);
    if (at >= 0 && answer.type === "radio" && at + 1 < all.length) enter(all[at + 1]);
    const form = question.closest("form");
    if (at < 0) [...(form?.querySelectorAll("[data-wished], [data-look], [data-then]") || [])].sort(wishedFirst).find(isSeen)?.focus();
    return true;
  }

  const wishedFirst = (one, other) => Number("wished" in other.dataset) - Number("wished" in one.dataset);

  function stepBack() {
    const all = questions();
    const at = all.indexOf(document.activeElement?.closest("fieldset"));
    return at > 0 && enter(all[at - 1]);
  }

  function find() {
    const field = document.querySelector("input[data-find]") || [...document.querySelectorAll("input[type=search]")].find(isSeen);
    if (field) act(field);
    return Boolean(field);
  }

  function showKeys() {
    const dialog = document.getElementById("all-keys");
    const list = document.getElementById("all-keys-list");
    if (!dialog?.showPopover) return false;
    for (const old of list.querySelectorAll("[data-made]")) old.remove();
    const told = new Set(); // where one key takes several things in turn (data-in-turn), the first one stands for all
    for (const element of document.querySelectorAll("[data-key]")) {
      if (!isSeen(element) || told.has(element.dataset.key)) continue;
      told.add(element.dataset.key);
      const term = document.createElement("dt");
      const said = document.createElement("dd");
      for (const part of element.dataset.key.split(" ")) {
        const key = document.createElement("kbd");
        key.textContent = part;
        term.append(key, " ");
      }
      said.textContent = label(element);
      term.dataset.made = said.dataset.made = "";
      list.append(term, said);
    }
    dialog.togglePopover();
    dialog.querySelector("h2")?.focus({ preventScroll: true });
    dialog.scrollTop = 0;
    return true;
  }

  function label(element) {
    const copy = (element.labels?.[0] || element).cloneNode(true);
    for (const key of copy.querySelectorAll("kbd")) key.remove();
    return element.getAttribute("aria-label") || copy.textContent.trim() || element.placeholder || element.name || "";
  }

  const OURS = { j: () => move(1), k: () => move(-1), x: mark, Enter: openRow, "/": find, "?": showKeys, Backspace: stepBack };

  function handle(event) {
    const key = name(event);
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    // In a choice of one, no letter is ours, but what sends the form is: there it would do nothing else.
    if (isTyping(event.target) && !(event.target.tagName === "SELECT" && key === "Shift+Enter")) return;
    if (key === "?" ? false : !isOn()) return;
    const sequence = before && Date.now() - beforeAt < PAUSE_MS ? `${before} ${key}` : key;
    before = "";
    const later = sequence === key ? null : declared(sequence);
    if (!later && /^[1-9]$/.test(key) && choose(Number(key))) return event.preventDefault();
    const element = later || declared(key);
    if (element) {
      event.preventDefault();
      return act(element);
    }
    if (starts(key)) {
      before = key;
      beforeAt = Date.now();
      return event.preventDefault();
    }
    if (!openDialog() || key === "?") {
      if (OURS[key]?.()) event.preventDefault();
    }
  }

  // What a page is for has a key, also where none is written down: the one button of its main part that doesn't stand back.
  const standsBack = (element) => element.matches(".second, .pale, .grave, .link") || element.closest("[popover]");

  function nameMainAct() {
    if (document.querySelector("main [data-key='Shift+Enter']:not([popover] *)")) return;
    const all = [...document.querySelectorAll("main button:not([type=button]), main a.btn")];
    const [only, ...more] = all.filter((element) => isSeen(element) && !standsBack(element));
    if (only && !more.length && only.matches("button:not([data-key])")) only.dataset.key = "Shift+Enter";
  }

  function announce() {
    nameMainAct();
    for (const element of document.querySelectorAll("[data-key]")) element.setAttribute("aria-keyshortcuts", element.dataset.key);
  }

  // What can be done for a few seconds only goes when they are over.
  function letGo() {
    for (const passing of document.querySelectorAll("[data-lasts]:not([data-counted])")) {
      passing.dataset.counted = "";
      setTimeout(() => passing.remove(), Number(passing.dataset.lasts) * 1000);
    }
  }

  document.addEventListener("keydown", handle);
  document.addEventListener("htmx:afterSwap", announce);
  document.addEventListener("htmx:afterSwap", (event) => event.target.matches?.("[id^=file-]") && beginWithQuestion());
  document.addEventListener("htmx:afterSwap", letGo);
  letGo();
  document.addEventListener("change", (event) => {
    if (event.target.id === "all-keys-on") localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  });
  announce();
  document.querySelector("[popover][data-opens]")?.showPopover?.();  // what was refused stays open with its sentence
  beginWithQuestion();
  const box = document.getElementById("all-keys-on");
  if (box) box.checked = isOn();
})();
