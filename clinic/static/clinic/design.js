/** The design page's buttons: what scripts show elsewhere, shown by the same scripts, with their motion. */

import { text } from "./announce.js";
import { notice } from "./offline.js";
import { toast } from "./toast.js";

const SHOWS = {
  toast: ({ title, detail }) => toast(title, { detail, source: "chatbot" }),
  offline: () => notice("offline", text("offline")),
  online: () => notice("online", text("online")),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-show]");
  if (button) SHOWS[button.dataset.show](button.dataset);
});
