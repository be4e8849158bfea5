// The calls: requests, answers and findings.

import { button, made } from "./made.js";
import { look } from "./service.js";
import { words } from "./states.js";

const by = (id) => document.getElementById(id);
/** The largest number of rows to keep. */
const MOST = 400;

let since = 0;
let chosen = 0;
let go = () => {};

const time = (at) => at.slice(11, 19);

function became(call) {
  return call.events.flatMap((event, place) => {
    const text = `${event.ubrn}: ${words(event.state)}, version ${event.version}`;
    return [place ? made("br") : "", button(text, "", () => go(event.ubrn))];
  });
}

function findings(found) {
  if (!found) return made("span", "good", "not kept");
  if (!found.length) return made("span", "good", "none");
  return made("span", "bad", [...new Set(found.map(({ rule }) => rule))].join(", "));
}

function row(call) {
  const status = made("span", call.status < 400 ? "" : "bad", `${call.status}${call.code ? ` ${call.code}` : ""}`);
  const what = button(`${call.operation ?? ""} ${call.method} ${call.target}`.trim(), "", () => show(call.number));
  const cells = [String(call.number), time(call.at), what, status, findings(call.found), made("span", "", ...became(call))];
  const element = made("tr", "", ...cells.map((cell, place) => made("td", place === 2 ? "path" : "", cell)));
  element.dataset.number = call.number;
  element.dataset.faulty = call.status >= 400 || Boolean(call.found?.length);
  return element;
}

function filter() {
  const isFaulty = by("faulty").checked;
  for (const element of by("calls").children) element.hidden = isFaulty && element.dataset.faulty !== "true";
}

/** A body, formatted for reading. */
function readable(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body.length > 20000 ? `${body.slice(0, 20000)} …` : body;
  }
}

const lines = (headers) => headers.map(({ name, value }) => `${name}: ${value}`).join("\n");

function block(label, text) {
  const element = made("pre", "", text);
  element.tabIndex = 0;
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  return [made("h3", "", label), element];
}

async function show(number) {
  chosen = number;
  mark();
  const box = by("call");
  box.hidden = false;
  try {
    const { call, headers, body, answerHeaders, answerBody } = await look(`/_local/calls/${number}`);
    const found = (call.found ?? []).map((one) =>
      made("li", one.severity, `${one.side}: ${one.rule}${one.location ? ` at ${one.location}` : ""}: ${one.message}`));
    box.replaceChildren(
      made("h3", "", `Call ${number}: ${call.method} ${call.target}`),
      found.length ? made("ul", "", ...found) : made("p", "hint", "There are no findings."),
      ...block("Headers of the request", lines(headers)),
      ...(body ? block("Body of the request", readable(body)) : []),
      ...block(`Headers of the answer, ${call.status}`, lines(answerHeaders)),
      ...(answerBody ? block("Body of the answer", readable(answerBody)) : []),
    );
  } catch (error) {
    box.replaceChildren(made("p", "", error.message));
  }
}

function mark() {
  for (const element of by("calls").children) element.classList.toggle("current", Number(element.dataset.number) === chosen);
}

/** Shows the calls since the last refresh; `count` is their total number. */
export async function refresh(count) {
  if (count < since) {
    // The service was restarted.
    since = 0;
    by("calls").replaceChildren();
  }
  if (count === since) return;
  for (const call of await look(`/_local/calls?since=${since}`)) {
    if (call.number <= since) continue;
    since = call.number;
    by("calls").prepend(row(call));
  }
  while (by("calls").children.length > MOST) by("calls").lastChild.remove();
  by("none").hidden = by("calls").children.length > 0;
  filter();
  mark();
}

/** Begins; `act` shows a request. */
export function begin(act) {
  go = act;
  by("faulty").addEventListener("change", filter);
}
