/** The dentist's calendar, made quicker and live. Without any of it every block and gap is a link, and a form moves a visit. */

import { root } from "./calendar-grid.js";
import { watchFreeTime } from "./calendar-free.js";
import { follow } from "./calendar-live.js";
import { watchMoves } from "./calendar-move.js";

if (root) {
  root.querySelector("[data-calendar-hint]").hidden = false;
  follow();
  watchMoves();
  watchFreeTime();
}
