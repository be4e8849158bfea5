// One request: its states, its history, and the steps that the API does not offer.

import { button, made } from "./made.js";
import { look, order } from "./service.js";
import { picture, words } from "./states.js";

const by = (id) => document.getElementById(id);

let ubrn = "";
let names = {};
let choices = {};
let shown = "";

/** Steps: their names, what they need, and when they can be taken. */
const STEPS = [
  { step: "book", text: "The patient books", fits: (it) => it.referral && it.referral.state !== "BOOKED", needs: ["service", "start"] },
  { step: "cancel-appointment", text: "The appointment is cancelled", fits: (it) => it.referral?.state === "BOOKED", needs: ["cancellation", "byProvider"] },
  { step: "did-not-attend", text: "The patient did not attend", fits: (it) => it.referral?.state === "BOOKED", needs: ["nonAttendance"] },
  { step: "assessment-result", text: "The patient was assessed", fits: (it) => it.referral?.state === "BOOKED", needs: [] },
  { step: "reply", text: "The referrer replies", fits: (it) => goesOn(it), needs: ["text"] },
  { step: "close", text: "The referrer closes the conversation", fits: (it) => goesOn(it), needs: [] },
  { step: "cancel-advice", text: "The referrer cancels the advice request", fits: (it) => goesOn(it), needs: [] },
  { step: "touch", text: "Somebody else changes the referral: its version rises", fits: (it) => it.referral, needs: [] },
];

const goesOn = ({ advice }) => advice && !/ENDED|CONVERTED/.test(advice.category);

function labelled(text, control) {
  return made("label", control.type === "checkbox" ? "check" : "", ...(control.type === "checkbox" ? [control, text] : [text, control]));
}

function select(options) {
  const element = made("select", "");
  for (const option of options) element.add(new Option(option, option));
  return element;
}

function input(type, placeholder = "") {
  const element = made("input", "");
  element.type = type;
  element.placeholder = placeholder;
  element.autocomplete = "off";
  return element;
}

/** The fields of a step, and how they are read. */
function fields(needs, whole) {
  const kinds = {
    service: () => ["Service", select(whole.referral?.shortlist ?? []), "service"],
    start: () => ["When (empty: the first free slot)", input("text", "2026-03-09T09:00:00Z"), "start"],
    cancellation: () => ["Reason", select(choices.cancellation), "reason"],
    nonAttendance: () => ["Reason", select(choices.nonAttendance), "reason"],
    byProvider: () => ["By the provider", input("checkbox"), "byProvider"],
    text: () => ["Message", input("text"), "text"],
  };
  return needs.map((need) => kinds[need]());
}

function form({ step, text, needs }, whole) {
  const all = fields(needs, whole);
  const said = made("p", "hint");
  said.setAttribute("role", "status");
  const take = async () => {
    const body = { step };
    for (const [, control, name] of all) {
      const value = control.type === "checkbox" ? control.checked : control.value.trim();
      if (value !== "") body[name] = value;
    }
    try {
      await order(`/_local/requests/${ubrn}/steps`, body);
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const controls = all.map(([label, control]) => labelled(label, control));
  const details = made("details", "", made("summary", "", text), made("div", "fields", ...controls, button("Take this step", "", take)), said);
  details.dataset.step = step;
  return details;
}

function fact(name, value) {
  return value ? [made("dt", "", name), made("dd", "", value)] : [];
}

function event(one) {
  const time = made("time", "", one.at.replace("T", " ").slice(0, 19));
  time.dateTime = one.at;
  const what = [one.by, one.call && `call ${one.call}`].filter(Boolean).join(", ");
  const stands = `${words(one.state, names)}, version ${one.version}${one.appointment ? `, appointment ${one.appointment}` : ""}`;
  return made("li", "", time, `${what}: ${stands}`);
}

function facts({ referral, advice, appointments, files }) {
  const current = appointments.find(({ id }) => id === referral?.appointment);
  return made("dl", "facts",
    ...fact("Version", String((referral ?? advice).version)),
    ...fact("Priority", (referral ?? advice).priority),
    ...fact("Patient", (referral ?? advice).patient),
    ...fact("Referred by", referral && `${referral.referrer} of ${referral.referringOrganisation}`),
    ...fact("Reason", referral?.reason && `${referral.reason.code} (${referral.reason.list})`),
    ...fact("Comments", referral?.comments),
    ...fact("Services", (referral?.shortlist ?? [advice.service]).join(", ")),
    ...fact("Appointment", current && [current.id, `version ${current.version}`, current.status, current.start].filter(Boolean).join(", ")),
    ...fact("Messages", advice && String(advice.messages.length)),
    ...fact("Files", files.map(({ name, link }) => `${name} (${link?.kind ?? "not attached"})`).join(", ")));
}

/** Redraws the request if it has changed, so that a form that is being filled in stays. */
export async function refresh() {
  if (!ubrn) return;
  let whole;
  try {
    whole = await look(`/_local/requests/${ubrn}`);
  } catch (error) {
    by("request").replaceChildren(made("p", "hint", `${ubrn}: ${error.message}`));
    shown = "";
    return;
  }
  const text = JSON.stringify(whole);
  if (text === shown) return;
  shown = text;
  const { referral, advice, events } = whole;
  // A referral may have been an advice request before.
  const here = referral?.state ?? advice.category;
  const been = events.filter((one) => one.isAdvice === !referral).flatMap(({ from, state }) => (from ? [from, state] : [state]));
  by("request-head").textContent = `${referral ? "Referral" : "Advice request"} ${ubrn}: ${words(here, names)}`;
  const timeline = made("ol", "", ...(events.map(event)));
  timeline.id = "timeline";
  by("request").replaceChildren(
    ...picture(!referral, here, [...been, here], names),
    facts(whole),
    made("h3", "", "History"),
    events.length ? timeline : made("p", "hint", "Nothing since this service was started."),
    made("h3", "", "Steps that the API does not offer"),
    ...STEPS.filter((one) => one.fits(whole)).map((one) => form(one, whole)),
  );
}

/** Selects a request. */
export function choose(wanted, focuses = true) {
  ubrn = wanted;
  shown = "";
  for (const one of document.querySelectorAll("#requests button")) {
    if (one.dataset.ubrn === ubrn) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  if (focuses) by("request-head").focus();
  return refresh();
}

/** The selected request. */
export const chosen = () => ubrn;

/** Begins, with the values that the controls offer. */
export function begin(known) {
  choices = known;
  names = Object.fromEntries(known.states);
}
