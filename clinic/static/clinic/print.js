/** A button that prints the page; where there are no scripts it is not shown (base.css), and the browser's own one does it. */

document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
