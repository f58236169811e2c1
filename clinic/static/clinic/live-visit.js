/**
 * One visit in the dentist's portal. Showing it again would be one more noted look at what the patient told, and may find
 * somebody in the middle of a form: so the page says that it is out of date, and the reader loads it.
 */

import { text } from "./announce.js";
import { live } from "./live-page.js";
import { notice } from "./offline.js";

const visit = document.querySelector("[data-visit][data-status]");

function outOfDate() {
  notice("gone", text("gone"), { href: location.href, label: text("reload") });
}

if (visit) {
  live().visit(visit.dataset.visit, null, {
    updated: ({ data }) => {
      const same = data.status === visit.dataset.status && Date.parse(data.start) === Date.parse(visit.dataset.start);
      if (!same) outOfDate();
    },
    deleted: outOfDate,
  });
}
