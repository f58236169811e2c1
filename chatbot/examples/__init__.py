"""Programs that talk with the chatbot from outside; they need nothing of the site but its API."""
