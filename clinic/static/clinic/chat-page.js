/** The conversation as a page of its own. */

import { Conversation } from "./chat-conversation.js";
import { Offers } from "./chat-offers.js";

const conversation = new Conversation(document.querySelector("[data-chat]"));
const offers = new Offers(conversation);
offers.follow();
offers.catchUp();
if (conversation.messages > 1) conversation.scroll();
