// Places: the service counts bytes of UTF-8 and characters, a text field counts units of UTF-16.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where each line of a text begins. */
export function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The unit at a line and a column, both from 1; a column is a character. */
export function unitAt(text, starts, line, column) {
  const start = starts[Math.min(line, starts.length) - 1] ?? 0;
  let at = start;
  for (let passed = 1; passed < column && at < text.length && text[at] !== "\n"; passed += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

/** Puts texts in the place of bytes: `[{ span: [from, to], text }]`, none of which meet. */
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

/** Whether two lists of edits meet. */
export function meet(some, others) {
  return some.some(({ span: [from, to] }) =>
    others.some(({ span: [start, end] }) => from <= end && start <= to));
}

/** What of a text differs from another: where it begins and ends, and what is there instead. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) };
}
