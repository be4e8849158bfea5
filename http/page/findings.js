// The list of findings.

import { button, made } from "./made.js";
import * as service from "./service.js";

const list = document.getElementById("list");
const WORDS = { effect: "Consequence: ", reason: "Because: " };
/** The largest number of findings to show at once. */
const MOST = 300;

/** Shows what was found; `acts` are `go(finding)` and `apply(finding)`. */
export function show(payloads, acts) {
  let left = MOST;
  let number = 0;
  const parts = payloads.flatMap((payload) => {
    if (payload.error) return [made("p", "", payload.error)];
    const shown = payload.findings.slice(0, left);
    left -= shown.length;
    if (!shown.length) return [];
    const items = shown.map((finding) => {
      const element = item(finding, payload.isHere ? acts : { ...acts, go: null, apply: null });
      element.dataset.number = number;
      number += 1;
      return element;
    });
    const title = payloads.length > 1 ? [made("h3", "", payload.name)] : [];
    return [...title, made("ol", "", ...items)];
  });
  const total = payloads.reduce((sum, payload) => sum + (payload.findings?.length ?? 0), 0);
  if (total > MOST) parts.push(made("p", "", `… and ${total - MOST} more.`));
  list.replaceChildren(...parts);
}

/** Highlights the current finding. */
export function choose(number) {
  for (const element of list.querySelectorAll(".finding")) {
    const isIt = Number(element.dataset.number) === number;
    element.classList.toggle("current", isIt);
    if (isIt) {
      element.setAttribute("aria-current", "true");
      element.scrollIntoView({ block: "nearest" });
    } else {
      element.removeAttribute("aria-current");
    }
  }
}

function item(finding, acts) {
  const element = made("li", `finding ${finding.severity}`);
  const code = finding.invariant ?? finding.rule;
  const head = made("p", "", made("span", "weight", finding.severity), ` ${code} `);
  if (finding.part) head.append(`in the ${finding.part}`);
  else if (acts.go) head.append(place(finding, acts.go));
  element.append(head, made("p", "what", finding.message));
  if (finding.suggestion) element.append(made("p", "", `Help: ${finding.suggestion}`));
  if (finding.location) element.append(made("p", "more", finding.location));
  const notes = (finding.related ?? []).map((note) => {
    const line = made("li", "", (WORDS[note.relation] ?? "") + note.message);
    if (acts.go && note.line) line.append(" ", place(note, acts.go));
    return line;
  });
  if (notes.length) element.append(made("ul", "", ...notes));
  if (finding.edits?.length && acts.apply) {
    const words = finding.edits.map((edit) => edit.text.trim()).filter(Boolean).join(", ");
    const what = made("span", "more", words ? ` inserts ${shortened(words)}` : " removes the excess text");
    element.append(made("p", "", button("Apply the fix", "", () => acts.apply(finding)), what));
  }
  element.append(explained(finding));
  return element;
}

const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function place(finding, go) {
  return button(`line ${finding.line}, column ${finding.column}`, "go", () => go(finding));
}

/** The explanation of the rule, fetched when it is opened. */
function explained(finding) {
  const details = made("details", "", made("summary", "", "Why"));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.children.length > 1) return;
    try {
      const rule = await service.rule(finding.rule);
      details.append(made("p", "", rule.summary), made("p", "", rule.explanation));
      if (finding.profile) details.append(made("p", "more", `Required by ${finding.profile}`));
      const link = /^https?:\S+/.exec(rule.source ?? "")?.[0];
      if (link) {
        const anchor = made("a", "", "See the specification");
        anchor.href = link;
        anchor.rel = "noreferrer";
        details.append(made("p", "", anchor));
      } else if (rule.source) {
        details.append(made("p", "more", rule.source));
      }
    } catch (error) {
      details.append(made("p", "", error.message));
    }
  });
  return details;
}
