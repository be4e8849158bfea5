// Makes elements.

export function made(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function button(text, className, act) {
  const element = made("button", className, text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}
