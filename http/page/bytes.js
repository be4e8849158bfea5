// Positions: the service counts UTF-8 bytes and characters, a text field counts UTF-16 units.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where each line of a text begins. */
export function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The UTF-16 unit at a line and a column, both from 1; columns count characters. */
export function unitAt(text, starts, line, column) {
  const start = starts[Math.min(line, starts.length) - 1] ?? 0;
  let at = start;
  for (let passed = 1; passed < column && at < text.length && text[at] !== "\n"; passed += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

/** Replaces ranges of bytes by texts: `[{ span: [from, to], text }]`; the ranges must not touch. */
export function edited(text, edits) {
  const bytes = encoder.encode(text);
  const pieces = [];
  let at = 0;
  for (const edit of [...edits].sort((one, other) => one.span[0] - other.span[0])) {
    pieces.push(decoder.decode(bytes.subarray(at, edit.span[0])), edit.text);
    at = edit.span[1];
  }
  pieces.push(decoder.decode(bytes.subarray(at)));
  return pieces.join("");
}

/** Whether any edits of two lists touch. */
export function meet(some, others) {
  return some.some(({ span: [from, to] }) =>
    others.some(({ span: [start, end] }) => from <= end && start <= to));
}

/** The difference between two texts: where it begins and ends in the first, and the text of the second there. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) };
}
