// A picture of the states that a request can be in, with its current one.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 208;
const HEIGHT = 34;

/** Where states are drawn, which of them the referrer may leave again, and which lead to which. */
const REFERRAL = {
  size: [720, 340],
  places: {
    NOT_BOOKED: [110, 40], AWAITING_TRIAGE: [110, 160], DEFERRED_TO_PROVIDER: [110, 220],
    BOOKED: [360, 40], REJECTED: [360, 100], TRIAGED_PROVIDER_TO_ACTION: [360, 160], TRIAGE_RESPONSE: [360, 220],
    APPT_CANCELLED_BY_PATIENT: [610, 40], APPT_CANCELLED_BY_PROVIDER: [610, 100],
    DID_NOT_ATTEND: [610, 160], ASSESSMENT_RESULT: [610, 220], CANCELLED_REFERRAL: [610, 300],
  },
  again: [
    "REJECTED", "TRIAGE_RESPONSE", "APPT_CANCELLED_BY_PATIENT", "APPT_CANCELLED_BY_PROVIDER", "DID_NOT_ATTEND", "ASSESSMENT_RESULT",
  ],
  ways: [
    ["NOT_BOOKED", "BOOKED"], ["NOT_BOOKED", "AWAITING_TRIAGE"], ["AWAITING_TRIAGE", "TRIAGED_PROVIDER_TO_ACTION"],
    ["AWAITING_TRIAGE", "TRIAGE_RESPONSE"], ["DEFERRED_TO_PROVIDER", "TRIAGED_PROVIDER_TO_ACTION"],
    ["DEFERRED_TO_PROVIDER", "TRIAGE_RESPONSE"], ["BOOKED", "REJECTED"], ["BOOKED", "APPT_CANCELLED_BY_PATIENT"],
    ["BOOKED", "APPT_CANCELLED_BY_PROVIDER"], ["BOOKED", "DID_NOT_ATTEND"], ["BOOKED", "ASSESSMENT_RESULT"],
  ],
  /** Arrows that lead around the boxes between two states: from, to, side. */
  around: [["NOT_BOOKED", "DEFERRED_TO_PROVIDER", -1], ["BOOKED", "TRIAGED_PROVIDER_TO_ACTION", 1]],
  more: "In states with a dashed border, the referrer may book again or choose other services. Any referral can be cancelled.",
};
const ADVICE = {
  size: [720, 200],
  places: {
    PROVIDER_RESPONSE_REQUIRED: [110, 40], REFERRER_TO_SUBMIT_FURTHER_INFORMATION: [360, 40],
    REFERRER_TO_REVIEW_RESPONSE: [360, 100], CONVERSATION_ENDED_CLOSED: [610, 100],
    ADVICE_CONVERTED: [110, 160], CONVERSATION_ENDED_CANCELLED: [610, 160],
  },
  again: [],
  ways: [
    ["PROVIDER_RESPONSE_REQUIRED", "REFERRER_TO_SUBMIT_FURTHER_INFORMATION"],
    ["PROVIDER_RESPONSE_REQUIRED", "REFERRER_TO_REVIEW_RESPONSE"],
    ["REFERRER_TO_REVIEW_RESPONSE", "CONVERSATION_ENDED_CLOSED"], ["PROVIDER_RESPONSE_REQUIRED", "ADVICE_CONVERTED"],
  ],
  around: [],
  more: "A reply by the referrer returns the request to the provider for a response. An open conversation can be cancelled.",
};
/** Shorter names for states whose name does not fit a box. */
const SHORT = {
  REFERRER_TO_SUBMIT_FURTHER_INFORMATION: "Referrer To Submit More", APPT_CANCELLED_BY_PATIENT: "Appt. Cancelled By Patient",
  APPT_CANCELLED_BY_PROVIDER: "Appt. Cancelled By Provider",
};

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The state in words. */
export function words(state, names = {}) {
  const plain = state.toLowerCase().replaceAll("_", " ");
  return names[state] ?? plain[0].toUpperCase() + plain.slice(1);
}

function way([from, to], places) {
  const [[fromX, fromY], [toX, toY]] = [places[from], places[to]];
  const isAcross = fromX !== toX;
  const [startX, startY] = isAcross ? [fromX + WIDTH / 2, fromY] : [fromX, fromY + HEIGHT / 2];
  const [endX, endY] = isAcross ? [toX - WIDTH / 2, toY] : [toX, toY - HEIGHT / 2];
  return drawn("path", { d: `M${startX} ${startY} L${endX} ${endY}`, "marker-end": "url(#arrow)" });
}

/** An arrow around the boxes in between, on the left or the right of two boxes. */
function detour([from, to, side], places) {
  const [[x, fromY], [, toY]] = [places[from], places[to]];
  const edge = x + side * WIDTH / 2;
  return drawn("path", { d: `M${edge} ${fromY + 8} H${edge + side * 14} V${toY - 8} H${edge}`, "marker-end": "url(#arrow)" });
}

/** The picture: the current state of the request, its earlier states, and the names of states. */
export function picture(isAdvice, here, been, names) {
  const { size, places, again, ways, around, more } = isAdvice ? ADVICE : REFERRAL;
  const past = [...new Set(been)].filter((state) => state !== here).map((state) => words(state, names));
  const label = `States: now ${words(here, names)}${past.length ? `, earlier ${past.join(", ")}` : ""}`;
  const arrow = drawn("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
    drawn("path", { d: "M0 0 L8 4 L0 8 z" }));
  const boxes = Object.entries(places).map(([state, [x, y]]) => {
    const kinds = [again.includes(state) && "again", been.includes(state) && "seen", state === here && "here"];
    const box = drawn("rect", { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 4 });
    const text = drawn("text", { x, y: y + 4 }, SHORT[state] ?? words(state, names));
    return drawn("g", { class: kinds.filter(Boolean).join(" ") }, box, text);
  });
  const svg = drawn("svg", { viewBox: `-12 0 ${size[0] + 12} ${size[1]}`, role: "img", "aria-label": label },
    drawn("defs", {}, arrow), ...ways.map((one) => way(one, places)), ...around.map((one) => detour(one, places)),
    ...boxes);
  const frame = document.createElement("div");
  frame.className = "picture";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Picture of the states");
  frame.append(svg);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = more;
  return [frame, hint];
}
