// The page of a local service: it is redrawn whenever the service says that something has happened.

import * as calls from "./calls.js";
import { button, made } from "./made.js";
import * as orders from "./orders.js";
import * as request from "./request.js";
import { listen, look } from "./service.js";
import { words } from "./states.js";
import * as theme from "./theme.js";

const by = (id) => document.getElementById(id);

let names = {};
let isBusy = false;
let isAgain = false;

function line({ ubrn, state, patient, version, isAdvice }) {
  const more = `${isAdvice ? "Advice: " : ""}${words(state, names)}, version ${version}, patient ${patient}`;
  const element = button(ubrn, "", () => request.choose(ubrn));
  element.append(made("span", "", more));
  element.dataset.ubrn = ubrn;
  if (ubrn === request.chosen()) element.setAttribute("aria-current", "true");
  return made("li", "", element);
}

async function requests() {
  const query = new URLSearchParams({ find: by("find").value.trim(), state: by("state").value, most: "100" });
  const { total, requests: all } = await look(`/_local/referrals?${query}`);
  by("count").textContent = total === all.length ? `${total} requests` : `${all.length} of ${total} requests, the most recently changed`;
  // Keep the focus in the list.
  const focused = by("requests").contains(document.activeElement) ? document.activeElement.dataset.ubrn : "";
  by("requests").replaceChildren(...all.map(line));
  if (focused) by("requests").querySelector(`[data-ubrn="${focused}"]`)?.focus();
}

async function overview() {
  const { clock, referrals, adviceRequests, appointments, freeSlots, calls: count, faults } = await look("/_local");
  by("clock").textContent = `It is ${clock.replace("T", " ").slice(0, 19)} UTC`;
  const ordered = faults ? `, ${faults} ${faults === 1 ? "fault" : "faults"} ordered` : "";
  by("overview").textContent = `${referrals} referrals, ${adviceRequests} advice requests, ${appointments} appointments, ${freeSlots} free slots, ${count} calls${ordered}.`;
  return count;
}

/** Redraws what has changed, never twice at a time. */
async function refresh() {
  if (isBusy) {
    isAgain = true;
    return;
  }
  isBusy = true;
  try {
    do {
      isAgain = false;
      const count = await overview();
      await Promise.all([calls.refresh(count), requests(), request.refresh()]);
    } while (isAgain);
  } catch (error) {
    by("overview").textContent = error.message;
  } finally {
    isBusy = false;
  }
}

async function begin() {
  theme.begin(by("theme"));
  by("silent").hidden = true;
  const choices = await look("/_local/choices");
  names = Object.fromEntries(choices.states);
  for (const [code, name] of choices.states) by("state").add(new Option(name, code));
  request.begin(choices);
  orders.begin(choices);
  calls.begin((ubrn) => request.choose(ubrn));
  by("find").addEventListener("input", refresh);
  by("state").addEventListener("change", refresh);
  listen(refresh, (isLost) => {
    if (isLost) by("overview").textContent = "The service does not answer.";
  });
}

begin();
