/** The search at the top of the desk's pages: Enter opens whoever is chosen. */

import { findPeople } from "./desk-people.js";

const input = document.querySelector("input[data-open]");
if (input) findPeople(input, (person) => person && location.assign(person.url));
