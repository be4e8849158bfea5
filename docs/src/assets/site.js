// Adds search and copy buttons. Everything can be read without this script.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  document.querySelectorAll("figure.code").forEach((figure) => {
    if (!navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy: " + figure.querySelector("figcaption").textContent);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(figure.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    figure.querySelector("figcaption").append(button);
  });
  // An element in a tree can be folded.
  const depth = (row) => Number(/\bd(\d+)\b/.exec(row.cells[0].className)[1]);
  const below = (row) => {
    const rows = [];
    for (let next = row.nextElementSibling; next && depth(next) > depth(row); next = next.nextElementSibling) rows.push(next);
    return rows;
  };
  const fold = (row, isFolded) => {
    row.querySelector("button").setAttribute("aria-expanded", String(!isFolded));
    for (const one of below(row)) {
      one.hidden = isFolded;
      const button = one.querySelector("button");
      if (button) button.setAttribute("aria-expanded", "true");
    }
  };
  document.querySelectorAll("table.elements tbody tr").forEach((row) => {
    // The root needs no button: everything is below it.
    if (!depth(row) || !below(row).length) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-label", "Elements below " + row.querySelector("a").title);
    button.addEventListener("click", () => fold(row, button.getAttribute("aria-expanded") === "true"));
    row.cells[0].prepend(button);
  });
  // Unfold the element that the address names.
  const unfold = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const folded = place.closest("details");
    const isHidden = place.hidden || (folded && !folded.open);
    if (folded) folded.open = true;
    if (place.hidden) {
      const above = [...place.parentElement.rows].filter((row) => row.querySelector("button.fold") && below(row).includes(place));
      above.forEach((row) => fold(row, false));
    }
    if (isHidden) place.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // A long list can be narrowed to the entries that contain some words.
  const narrow = (name, all, before) => {
    if (all.length < 25) return;
    const label = document.createElement("label");
    const words = document.createElement("input");
    const left = document.createElement("span");
    label.className = "narrow";
    words.type = "search";
    words.autocomplete = "off";
    left.setAttribute("role", "status");
    label.append("Show those with ", words, left);
    words.setAttribute("aria-label", "Show " + name + " with");
    words.addEventListener("input", () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const parts of all) {
        const text = parts.map((part) => part.textContent).join(" ").toLowerCase();
        const isShown = wanted.every((word) => text.includes(word));
        parts.forEach((part) => { part.hidden = !isShown; });
        if (isShown) shown += 1;
      }
      document.querySelectorAll("main h2 + dl.listed").forEach((list) => {
        list.previousElementSibling.hidden = !list.querySelector("dt:not([hidden])");
      });
      left.textContent = wanted.length ? shown + " of " + all.length : "";
    });
    before.before(label);
  };
  const listed = [...document.querySelectorAll("main dl.listed dt")];
  if (listed.length) narrow("entries", listed.map((term) => [term, term.nextElementSibling]), document.querySelector("main dl.listed, main h2"));
  document.querySelectorAll("main .scroll table:not(.elements)").forEach((table) => {
    narrow("rows", [...table.tBodies[0].rows].map((row) => [row]), table.parentElement);
  });

  const box = document.querySelector(".search");
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  const count = box.querySelector(".count");
  box.hidden = false;
  let index = null;
  const load = () => {
    if (index) return;
    index = [];
    const script = document.createElement("script");
    script.src = root + "search-index.js";
    script.onload = () => {
      index = window.ersFhirIndex.map(([path, title, kind, more]) => ({
        path, title, kind, name: parts(title), all: parts([title, kind, more].join(" ")), of: (/ of (\w+)$/.exec(kind) || [])[1],
      }));
      show();
    };
    document.head.append(script);
  };
  // Words, and the parts of compound words: createReferral, NHSD-eRS-On-Behalf-Of.
  const parts = (text) => {
    const whole = text.toLowerCase().split(/[\s,;()/]+/);
    const within = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/);
    return [...new Set([...whole, ...within])].filter(Boolean);
  };
  // How well a word fits a page: exactly, as a prefix, or with a word of the page as its prefix (deferral, defer).
  const fit = (row, word) => {
    let best = 0;
    for (const part of row.all) {
      if (part === word) return 4;
      if (part.startsWith(word)) best = Math.max(best, 2);
      else if (part.length > 4 && word.startsWith(part)) best = Math.max(best, 1.5);
      else if (word.length > 2 && part.includes(word)) best = Math.max(best, 1);
    }
    return best;
  };
  const starts = (one, other) => one.startsWith(other) || (other.length > 4 && other.startsWith(one) && one.length > 4);
  // The element that the words name, on the page about its type: Appointment.reason.
  const element = (row, words) => words.find((word) => row.of && word.toLowerCase().startsWith(row.of.toLowerCase() + "."));
  const rank = (row, words) => {
    let sum = 0;
    let met = 0;
    for (const word of words) {
      const low = word.toLowerCase();
      const best = element(row, [word]) ? 4 : fit(row, low);
      if (!best) continue;
      met += 1;
      if (row.name.some((part) => part === low)) sum += 6;
      else if (row.name.some((part) => starts(part, low))) sum += 3;
      sum += best;
    }
    const kind = { operation: 1.5, area: 1, "error code": 1, text: 1 }[row.kind] || (row.of ? 0.5 : 0);
    return met ? met * 100 + sum + kind : 0;
  };
  const show = () => {
    const words = input.value.split(/\s+/).filter(Boolean);
    const ranked = words.length
      ? index.map((row) => [rank(row, words), row]).filter(([points]) => points > 0)
        .sort((a, b) => b[0] - a[0] || a[1].title.length - b[1].title.length || (a[1].title < b[1].title ? -1 : 1))
      : [];
    // Pages that lack a word are shown only if no page has all words.
    const most = ranked.length ? Math.floor(ranked[0][0] / 100) : 0;
    const found = ranked.filter(([points]) => Math.floor(points / 100) === most);
    list.replaceChildren(...found.slice(0, 12).map(([, row], number) => {
      const item = document.createElement("li");
      item.id = "found-" + number;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const place = element(row, words);
      item.dataset.to = root + row.path + ".html" + (place ? "#" + place : "");
      const kind = document.createElement("small");
      kind.textContent = row.kind;
      item.append(row.title, kind);
      item.addEventListener("click", () => { location.href = item.dataset.to; });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    count.textContent = words.length ? (found.length || "No") + (found.length === 1 ? " page" : " pages") : "";
  };
  const move = (by) => {
    const items = [...list.children];
    if (!items.length) return;
    const at = items.findIndex((item) => item.ariaSelected === "true");
    const next = items[(at + by + items.length + (at < 0 && by < 0 ? 1 : 0)) % items.length];
    items.forEach((item) => item.setAttribute("aria-selected", String(item === next)));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); };
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    else if (event.key === "Escape") { input.value = ""; show(); }
    else if (event.key === "Enter") {
      const chosen = list.querySelector("[aria-selected=true]") || list.firstElementChild;
      if (chosen) location.href = chosen.dataset.to;
    }
  });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });
})();
