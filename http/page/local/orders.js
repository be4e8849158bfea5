// Controls: the clock, faults and a reset; and the settings.

import { made } from "./made.js";
import { look, order } from "./service.js";

const by = (id) => document.getElementById(id);

async function give(path, body, done) {
  try {
    await order(path, body);
    by("said").textContent = done;
  } catch (error) {
    by("said").textContent = error.message;
  }
}

function sure(isAsked) {
  by("sure").hidden = !isAsked;
  by("reset").hidden = isAsked;
}

async function switches() {
  const all = await look("/_local/settings");
  by("switches").replaceChildren(...all.flatMap(({ name, value, usual, about }) => {
    const isUsual = JSON.stringify(value) === JSON.stringify(usual);
    const text = `${name}: ${JSON.stringify(value)}${isUsual ? "" : ` (default: ${JSON.stringify(usual)})`}`;
    return [made("dt", "", text), made("dd", "", about.replaceAll("`", ""))];
  }));
}

/** Begins, with the values that the controls offer. */
export function begin({ faults, operations }) {
  for (const fault of [...faults, "slow:2000"]) by("fault").add(new Option(fault, fault));
  for (const operation of operations) by("operation").add(new Option(operation, operation));
  for (const one of document.querySelectorAll("[data-seconds]")) {
    one.addEventListener("click", () => give("/_local/clock", { seconds: Number(one.dataset.seconds) }, `The clock was moved: ${one.textContent.toLowerCase()}.`));
  }
  by("set").addEventListener("click", () => give("/_local/clock", { at: by("at").value.trim() }, "The clock was set."));
  by("order").addEventListener("click", () => {
    const [fault, operation, times] = [by("fault").value, by("operation").value || null, Number(by("times").value) || 1];
    give("/_local/faults", { fault, operation, times }, `Ordered: ${fault} in ${operation ?? "any operation"}, ${times === 1 ? "once" : `${times} times`}.`);
  });
  by("reset").addEventListener("click", () => {
    sure(true);
    by("sure").focus();
  });
  by("sure").addEventListener("blur", () => sure(false));
  by("sure").addEventListener("click", async () => {
    await give("/_local/reset", {}, "Everything is as in the seed.");
    sure(false);
  });
  switches();
}
