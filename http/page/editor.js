// The text field, the numbers of its lines, and the marks beside them.

import { difference, lineStarts, unitAt } from "./bytes.js";

const field = document.getElementById("text");
const gutter = document.getElementById("gutter");
const numbers = document.getElementById("numbers");
const marks = document.getElementById("marks");
const SIGNS = { fatal: "✕", error: "✕", warning: "!", information: "i" };
const RANKS = ["information", "warning", "error", "fatal"];
/** More marks than this would help nobody. */
const MOST_MARKS = 500;

let starts = [0];

export const text = () => field.value;
export const focus = () => field.focus();

/** Renumbers the lines. */
export function count() {
  starts = lineStarts(field.value);
  const lines = starts.length;
  if (Number(numbers.dataset.lines) !== lines) {
    numbers.dataset.lines = lines;
    numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
  }
  scroll();
}

function scroll() {
  gutter.scrollTop = field.scrollTop;
}

/** Replaces the text; an edit can be undone. */
export function replace(now, isEdit) {
  if (isEdit) {
    const { from, to, text: piece } = difference(field.value, now);
    const active = document.activeElement;
    field.focus({ preventScroll: true });
    field.setSelectionRange(from, to);
    // The only way that keeps undo working; in browsers without it, the text still changes.
    const isDone = document.execCommand?.(piece ? "insertText" : "delete", false, piece);
    if (!isDone || field.value !== now) field.value = now;
    active?.focus?.({ preventScroll: true });
  } else {
    field.value = now;
    field.setSelectionRange(0, 0);
    field.scrollTop = 0;
  }
  count();
}

/** Marks the lines of findings; `choose` gets the number of the one that is clicked. */
export function mark(findings, choose) {
  const lines = new Map();
  findings.forEach((finding, at) => {
    const known = lines.get(finding.line);
    const rank = RANKS.indexOf(finding.severity);
    if (!known || RANKS.indexOf(known.severity) < rank) {
      lines.set(finding.line, { at, severity: finding.severity, count: (known?.count ?? 0) + 1 });
    } else {
      known.count += 1;
    }
  });
  const height = lineHeight();
  const padding = parseFloat(getComputedStyle(numbers).paddingTop);
  const made = [...lines].slice(0, MOST_MARKS).map(([line, { at, severity, count: many }]) => {
    const sign = document.createElement("span");
    sign.className = `weight ${severity}`;
    sign.textContent = SIGNS[severity] ?? "•";
    sign.title = many > 1 ? `${many} findings` : findings[at].message;
    sign.style.top = `${padding + (line - 1) * height}px`;
    sign.addEventListener("click", () => choose(at));
    return sign;
  });
  marks.replaceChildren(...made);
  marks.style.height = `${numbers.offsetHeight}px`;
}

const lineHeight = () => parseFloat(getComputedStyle(field).lineHeight);

/** Selects the text of a finding. */
export function select(finding) {
  const now = field.value;
  const from = unitAt(now, starts, finding.line, finding.column);
  const to = unitAt(now, starts, finding.endLine, finding.endColumn);
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, Math.max(to, from));
  const top = (finding.line - 1) * lineHeight();
  if (top < field.scrollTop || top > field.scrollTop + field.clientHeight - 3 * lineHeight()) {
    field.scrollTop = Math.max(0, top - field.clientHeight / 3);
  }
  const column = from - (starts[finding.line - 1] ?? 0);
  if (column < 60) field.scrollLeft = 0;
  scroll();
}

field.addEventListener("scroll", scroll, { passive: true });
