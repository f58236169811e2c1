/* What can be pressed and is too small, in words. Takes [least px, selector of grids of time, least px in them]. */
([least, inTime, leastInTime]) => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";

  /** The boxes that lead to a control: its own, its labels', and that of the card which its ::after covers. */
  const boxesOf = (control) => {
    const cover = getComputedStyle(control, "::after");
    const covers = cover.position === "absolute" && cover.content !== "none";
    const others = [...(control.labels ?? []), ...(covers ? [control.closest("article, li")] : [])];
    return [control, ...others].filter(Boolean).map((one) => one.getBoundingClientRect());
  };

  const isPressed = (control) => {
    const box = control.getBoundingClientRect();
    const style = getComputedStyle(control);
    const isForReaders = box.width <= 1 || box.height <= 1 || style.clipPath !== "none";
    const isInSentence = style.display === "inline" && control.localName === "a";
    return control.checkVisibility({ visibilityProperty: true }) && !control.disabled && !isForReaders && !isInSentence;
  };

  const found = new Set();
  for (const control of [...document.querySelectorAll(CONTROLS)].filter(isPressed)) {
    const boxes = boxesOf(control);
    const width = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
    const height = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
    const asked = (control.closest(inTime) ? leastInTime : least) - 0.5;
    const name = (control.getAttribute("aria-label") || control.innerText || control.name || "").trim().slice(0, 40);
    if (width < asked || height < asked) found.add(`${control.localName} "${name}" ${Math.round(width)} x ${Math.round(height)}`);
  }
  return [...found];
};
