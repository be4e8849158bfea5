// Light or dark: as the system is set, until the user chooses with a button.

/** Lets a button choose. */
export function begin(chooser) {
  const set = (dark) => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    chooser.setAttribute("aria-pressed", String(dark));
  };
  chooser.addEventListener("click", () => set(chooser.getAttribute("aria-pressed") !== "true"));
  set(matchMedia("(prefers-color-scheme: dark)").matches);
}
